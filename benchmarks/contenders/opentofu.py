"""OpenTofu with the generic provider for REST APIs."""

from functools import cached_property

from benchmarks.contenders.contender import PARALLEL, Contender, Plan, UnableError
from benchmarks.get_peers import Peers, get_peers
from benchmarks.sandbox import KEYS
from tools.pulumi.get_pulumi import UnavailableError


class OpenTofu(Contender):
    """`restapi_object`s, as many at a time as Pulumi does: see `programs/opentofu`.

    The provider asks twice for each object that it looks at, whether it exists and what it is, and
    does not compare what it is told: it sees what is gone, and no other drift.
    """

    name = "tofu"
    about = "OpenTofu with the provider Mastercard/restapi"

    def prepare(self) -> None:
        """Run `tofu init`."""
        self.take_program("opentofu")
        self.write(Plan(""))
        self.tofu("init", f"-plugin-dir={self._peers.plugins}")

    def up(self, plan: Plan) -> None:
        """Run `tofu apply`."""
        self.write(plan)
        self.tofu("apply", "-auto-approve", f"-parallelism={PARALLEL}")

    def check(self) -> None:
        """Run `tofu plan`."""
        self.tofu("plan", f"-parallelism={PARALLEL}")

    def destroy(self) -> None:
        """Run `tofu destroy`."""
        self.tofu("destroy", "-auto-approve", f"-parallelism={PARALLEL}")

    def take_over(self, plan: Plan) -> None:
        """Run `tofu apply` on a program with `import` blocks."""
        self.up(plan)

    def tofu(self, command: str, *options: str) -> None:
        """Run a command of OpenTofu's."""
        self.run(self._peers.tofu, command, "-input=false", "-no-color", *options)

    @cached_property
    def _peers(self) -> Peers:
        try:
            return get_peers()
        except UnavailableError as error:
            raise UnableError(f"it cannot be built: {error}") from error

    @property
    def environment(self) -> dict[str, str]:
        """With the program's variables, and nothing of the user's own configuration."""
        return super().environment | {
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(self.folder / "none.tfrc"),
            "TF_VAR_url": self.sandbox.url,
            "TF_VAR_api_key": KEYS["DD-API-KEY"],
            "TF_VAR_app_key": KEYS["DD-APPLICATION-KEY"],
        }
