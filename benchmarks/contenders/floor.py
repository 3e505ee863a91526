"""The floor: a contender that shows the cost of Pulumi itself."""

from benchmarks.contenders.base import ROOT, Plan, UnsupportedError
from benchmarks.contenders.pulumi_stack import PulumiContender


class Floor(PulumiContender):
    """Pulumi with one resource for each object of the plan.

    These resources only wait: see `programs/floor`.
    """

    name = "floor"
    about = "Pulumi with resources that only wait"
    program = "floor"

    @property
    def environment(self) -> dict[str, str]:
        """The base environment with a `PYTHONPATH` from which the plugin imports the provider.

        If the plugin could not import the provider, the program would have to pickle it, which is
        slower.
        """
        return super().environment | {"PYTHONPATH": str(ROOT)}

    def import_existing(self, plan: Plan) -> None:
        """Raise `UnsupportedError`."""
        del plan
        raise UnsupportedError("it has no objects to import")
