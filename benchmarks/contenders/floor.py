"""The cost of Pulumi itself."""

from benchmarks.contenders.base import ROOT, Plan, UnsupportedError
from benchmarks.contenders.pulumi_stack import PulumiContender


class Floor(PulumiContender):
    """The same program with a provider that only waits: see `programs/floor`."""

    name = "floor"
    about = "Pulumi with resources that only wait"
    program = "floor"

    @property
    def environment(self) -> dict[str, str]:
        """The base environment, with the provider importable; a pickled one would be slower."""
        return super().environment | {"PYTHONPATH": str(ROOT)}

    def import_existing(self, plan: Plan) -> None:
        """Not supported."""
        del plan
        raise UnsupportedError("it has no objects to import")
