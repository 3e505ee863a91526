"""Build OpenTofu and the generic provider for REST APIs from the modules pinned in `go_modules`.

The first use builds both with the installed Go. Later uses take both builds from the user's cache
folder. `tools/pulumi/get_pulumi.py` keeps Pulumi in the same folder.
"""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from tools.pulumi.get_pulumi import (
    UnavailableError,
    cache_folder,
    go,
    locked,
    log,
    pinned_version,
)

MODULES = Path(__file__).resolve().parent / "go_modules"
TOFU = "github.com/opentofu/opentofu"
RESTAPI = "github.com/Mastercard/terraform-provider-restapi"


@dataclass(frozen=True)
class OpenTofuBuild:
    """The paths of a build.

    Attributes:
        tofu: The executable.
        plugins: The folder with the provider, for `tofu init -plugin-dir`.
    """

    tofu: Path
    plugins: Path


def versions() -> dict[str, str]:
    """Return the pinned versions, by name."""
    return {
        "opentofu": pinned_version(MODULES / "opentofu", f"{TOFU} v"),
        "restapi": pinned_version(MODULES / "restapi", f"{RESTAPI} v"),
    }


def get_opentofu() -> OpenTofuBuild:
    """Return the build from the cache. If there is none, build it first.

    Raises:
        UnavailableError: OpenTofu or the provider cannot be built.
    """
    tofu, restapi = versions().values()
    root = cache_folder() / f"benchmarks-opentofu-{tofu}-restapi-{restapi}"
    with locked(root):
        if not root.exists():
            _build(root, restapi)
    return OpenTofuBuild(root / "tofu", root / "plugins")


def _build(root: Path, restapi: str) -> None:
    """Build in a temporary folder and rename it to `root`."""
    if shutil.which("go") is None:
        raise UnavailableError("`go` is not on PATH")
    log("building OpenTofu and its restapi provider, about 3 minutes on 2 processors (only once)")
    started = time.monotonic()
    unfinished = root.with_name(f"{root.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    platform = "_".join(go(["env", "GOOS", "GOARCH"], MODULES / "restapi").split())
    # The path under which `tofu` looks for the provider `Mastercard/restapi`.
    plugin = Path("plugins/registry.opentofu.org/mastercard/restapi", restapi, platform)
    for module, package, target in (
        ("opentofu", f"{TOFU}/cmd/tofu", Path("tofu")),
        ("restapi", RESTAPI, plugin / f"terraform-provider-restapi_v{restapi}"),
    ):
        # Set `version.dev`, as official builds do. Otherwise the version would end with `-dev`.
        linker_flags = f"-s -w -X {TOFU}/version.dev=no"
        options = ["-mod=readonly", "-trimpath", "-ldflags", linker_flags]
        go(["build", *options, "-o", str(unfinished / target), package], MODULES / module)
    unfinished.rename(root)
    log(f"OpenTofu and its provider are in {root} after {time.monotonic() - started:.0f} s")
