"""Print the folder of Pulumi's YAML language host. If necessary, build the host first.

    python -m tools.pulumi.get_language_yaml

The host is `pulumi-language-yaml`, with which Pulumi runs YAML programs. Official builds of Pulumi
contain it; a build from the modules of the command line does not. So this program takes the host on
PATH, or builds it with Go from the module pinned beside this file, into the cache folder of
`get_pulumi.py`.

The folder is printed to stdout, everything else to stderr.
"""

import shutil
import sys
from pathlib import Path

from tools.pulumi.get_pulumi import (
    HERE,
    UnavailableError,
    cache_folder,
    go,
    locked,
    log,
    pinned_version,
)

MODULE = HERE / "language-yaml"
PACKAGE = "github.com/pulumi/pulumi-yaml"
HOST = "pulumi-language-yaml"


def main() -> None:
    """Print the folder; exit with an error if the host can neither be found nor built."""
    try:
        print(find_or_build())
    except UnavailableError as error:
        sys.exit(f"error: no {HOST}: {error}")


def find_or_build() -> Path:
    """Return the folder of the host.

    Raises:
        UnavailableError: Go is missing, or the build fails.
    """
    if found := shutil.which(HOST):
        return Path(found).absolute().parent
    version = pinned_version(MODULE, f"{PACKAGE} v")
    folder = cache_folder() / f"{HOST}-{version}"
    with locked(folder):
        if not (folder / HOST).exists():
            if shutil.which("go") is None:
                raise UnavailableError("neither the host nor `go` is on PATH")
            log(f"building {HOST} {version} from source, about 2 minutes (only once)")
            folder.mkdir(exist_ok=True)
            unfinished = folder / "unfinished"
            options = ["-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-o", str(unfinished)]
            go(["build", *options, f"{PACKAGE}/cmd/{HOST}"], MODULE)
            unfinished.rename(folder / HOST)
    return folder


if __name__ == "__main__":
    main()
