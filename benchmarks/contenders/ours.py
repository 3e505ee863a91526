"""The contender that uses this project."""

from benchmarks.contenders.base import Plan
from benchmarks.contenders.pulumi_stack import PulumiContender


class Ours(PulumiContender):
    """Pulumi with this project's resources."""

    name = "ours"
    about = "Pulumi with `pulumi_datadog_cases`"
    program = "ours"

    def import_existing(self, plan: Plan) -> None:
        """Run `datadog-cases import`, which writes the program and imports the objects."""
        self.write_plan(plan)
        (self.folder / "__main__.py").unlink()
        self.run("pulumi", "stack", "select", "bench")
        project = ("--project", plan.project_id)
        self.run("datadog-cases", "import", "--out", self.folder, *project, "--run")
