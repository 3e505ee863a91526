"""A dynamic provider in the style of Pulumi's documentation."""

from benchmarks.contenders.base import Plan
from benchmarks.contenders.pulumi_stack import PulumiContender


class Naive(PulumiContender):
    """Pulumi with provider classes that are part of the program: see `programs/naive`.

    Each call of a provider sends its own requests.
    """

    name = "naive"
    about = "Pulumi with a dynamic provider in the style of Pulumi's documentation"
    program = "naive"
    is_repeated = False

    def import_existing(self, plan: Plan) -> None:
        """Run `pulumi up` on a program whose resources have the option `import_`."""
        self.up(plan)
