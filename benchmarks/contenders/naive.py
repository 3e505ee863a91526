"""A dynamic provider written the way Pulumi's documentation shows."""

from benchmarks.contenders.contender import Plan
from benchmarks.contenders.stack import StackContender


class Naive(StackContender):
    """A provider class in the program itself, and a request per call: see `programs/naive`."""

    name = "naive"
    about = "Pulumi with a dynamic provider as its documentation shows it"
    program = "naive"
    repeats = False

    def take_over(self, plan: Plan) -> None:
        """Run `pulumi up` on a program that says `import_`."""
        self.up(plan)
