"""What the engine costs by itself."""

from benchmarks.contenders.contender import ROOT, Plan, UnableError
from benchmarks.contenders.stack import StackContender


class Floor(StackContender):
    """The same program over a provider that does nothing but wait: see `programs/floor`."""

    name = "floor"
    about = "Pulumi with resources that only wait"
    program = "floor"

    @property
    def environment(self) -> dict[str, str]:
        """Where the plugin finds the provider: by value, from the program, it would be slower."""
        return super().environment | {"PYTHONPATH": str(ROOT)}

    def take_over(self, plan: Plan) -> None:
        """Not possible."""
        del plan
        raise UnableError("nothing is there that it could take over")
