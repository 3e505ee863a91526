"""OpenTofu and the generic provider for REST APIs, built from the modules pinned in `peers`.

They are built once, with this machine's Go, and kept beside Pulumi in the user's cache folder:
see `tools/pulumi/get_pulumi.py`, which does the same for Pulumi and lends its ways.
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

PEERS = Path(__file__).resolve().parent / "peers"
TOFU = "github.com/opentofu/opentofu"
RESTAPI = "github.com/Mastercard/terraform-provider-restapi"


@dataclass(frozen=True)
class Peers:
    """Where they are.

    Attributes:
        tofu: The command.
        plugins: A folder for `tofu init -plugin-dir`.
    """

    tofu: Path
    plugins: Path


def versions() -> dict[str, str]:
    """The pinned versions, by name."""
    return {
        "opentofu": pinned_version(PEERS / "opentofu", f"{TOFU} v"),
        "restapi": pinned_version(PEERS / "restapi", f"{RESTAPI} v"),
    }


def get_peers() -> Peers:
    """Return where the peers are, and build them where that has not been done yet.

    Raises:
        UnavailableError: They cannot be built.
    """
    tofu, restapi = versions().values()
    root = cache_folder() / f"benchmarks-opentofu-{tofu}-restapi-{restapi}"
    peers = Peers(root / "tofu", root / "plugins")
    with locked(root):
        if not root.exists():
            _build(root, restapi)
    return peers


def _build(root: Path, restapi: str) -> None:
    """Make `root` as a whole or not at all."""
    if shutil.which("go") is None:
        raise UnavailableError("`go` is not on PATH")
    log("building OpenTofu and its restapi provider, about 3 minutes on two processors, once")
    started = time.monotonic()
    unfinished = root.with_name(f"{root.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    platform = "_".join(go(["env", "GOOS", "GOARCH"], PEERS / "restapi").split())
    # Where `tofu` looks for what a program calls `Mastercard/restapi`.
    plugin = Path("plugins/registry.opentofu.org/mastercard/restapi", restapi, platform)
    for module, package, target in (
        ("opentofu", f"{TOFU}/cmd/tofu", Path("tofu")),
        ("restapi", RESTAPI, plugin / f"terraform-provider-restapi_v{restapi}"),
    ):
        # As the official builds are made: otherwise the version has a `-dev` behind it.
        stamp = f"-s -w -X {TOFU}/version.dev=no"
        options = ["-mod=readonly", "-trimpath", "-ldflags", stamp, "-o", str(unfinished / target)]
        go(["build", *options, package], PEERS / module)
    unfinished.rename(root)
    log(f"they are in {root} after {time.monotonic() - started:.0f} s")
