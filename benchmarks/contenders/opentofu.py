"""OpenTofu with the generic provider for REST APIs."""

from functools import cached_property

from benchmarks.contenders.base import PARALLEL, Contender, Plan, UnsupportedError
from benchmarks.opentofu_build import OpenTofuBuild, get_opentofu
from benchmarks.sandbox import KEYS
from tools.pulumi.get_pulumi import UnavailableError


class OpenTofu(Contender):
    """OpenTofu with resources of type `restapi_object`: see `programs/opentofu`.

    OpenTofu runs as many operations at a time as Pulumi. To read an object, the provider sends one
    request that checks whether the object exists, and another for its values. The provider does not
    compare the values, so it detects deleted objects and no other drift.
    """

    name = "tofu"
    about = "OpenTofu with the provider Mastercard/restapi"

    def set_up(self) -> None:
        """Run `tofu init`."""
        self.copy_program("opentofu")
        self.write_plan(Plan(""))
        self.tofu("init", f"-plugin-dir={self._build.plugins}")

    def up(self, plan: Plan) -> None:
        """Run `tofu apply`."""
        self.write_plan(plan)
        self.tofu("apply", "-auto-approve", f"-parallelism={PARALLEL}")

    def check(self) -> None:
        """Run `tofu plan`."""
        self.tofu("plan", f"-parallelism={PARALLEL}")

    def destroy(self) -> None:
        """Run `tofu destroy`."""
        self.tofu("destroy", "-auto-approve", f"-parallelism={PARALLEL}")

    def import_existing(self, plan: Plan) -> None:
        """Run `tofu apply` on a program that has `import` blocks."""
        self.up(plan)

    def tofu(self, command: str, *options: str) -> None:
        """Run an OpenTofu command."""
        self.run(self._build.tofu, command, "-input=false", "-no-color", *options)

    @cached_property
    def _build(self) -> OpenTofuBuild:
        try:
            return get_opentofu()
        except UnavailableError as error:
            raise UnsupportedError(f"it cannot be built: {error}") from error

    @property
    def environment(self) -> dict[str, str]:
        """The base environment, with variables for the program and without the user's settings."""
        return super().environment | {
            "CHECKPOINT_DISABLE": "1",
            "TF_CLI_CONFIG_FILE": str(self.folder / "none.tfrc"),
            "TF_VAR_url": self.sandbox.url,
            "TF_VAR_api_key": KEYS["DD-API-KEY"],
            "TF_VAR_app_key": KEYS["DD-APPLICATION-KEY"],
        }
