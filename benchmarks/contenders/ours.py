"""This project."""

from benchmarks.contenders.contender import Plan
from benchmarks.contenders.stack import StackContender


class Ours(StackContender):
    """Pulumi with this project's resources."""

    name = "ours"
    about = "Pulumi with `pulumi_datadog_cases`"
    program = "ours"

    def take_over(self, plan: Plan) -> None:
        """Let `datadog-cases import` write the program and bring the objects into the stack."""
        self.write(plan)
        (self.folder / "__main__.py").unlink()
        self.run("pulumi", "stack", "select", "bench")
        project = ("--project", plan.project_id)
        self.run("datadog-cases", "import", "--out", self.folder, *project, "--run")
