"""Print the folder of a language host of Pulumi. If necessary, build the host first.

    python -m tools.pulumi.get_language_host yaml
    python -m tools.pulumi.get_language_host nodejs

Pulumi runs programs of a language with its language host, such as `pulumi-language-yaml`. Official
builds of Pulumi contain the hosts; a build from the modules of the command line does not. So this
program takes the host on PATH, or builds it with Go from the module pinned beside this file, into
the cache folder of `get_pulumi.py`.

The folder is printed to stdout, everything else to stderr.
"""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.pulumi.get_pulumi import (
    HERE,
    SDK,
    UnavailableError,
    cache_folder,
    copy_scripts,
    go,
    locked,
    log,
    pinned_version,
)


@dataclass(frozen=True)
class Host:
    """A language host.

    Attributes:
        name: the name of its command.
        module: the Go module that contains the command.
        package: the Go package of the command.
        scripts: files of the module that belong beside the command.
    """

    name: str
    module: str
    package: str
    scripts: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder whose go.mod pins the module."""
        return HERE / self.name.removeprefix("pulumi-")


YAML = "github.com/pulumi/pulumi-yaml"
HOSTS: Mapping[str, Host] = {
    "yaml": Host("pulumi-language-yaml", YAML, f"{YAML}/cmd/pulumi-language-yaml"),
    # Version 3.68.0 of the SDK is the last that contains this host. It runs programs with today's
    # `@pulumi/pulumi` (tried).
    "nodejs": Host(
        "pulumi-language-nodejs",
        SDK,
        f"{SDK}/nodejs/cmd/pulumi-language-nodejs",
        ("nodejs/dist/pulumi-resource-pulumi-nodejs",),
    ),
}


def main() -> None:
    """Print the folder; exit with an error if the host can neither be found nor built."""
    if len(sys.argv) != 2 or sys.argv[1] not in HOSTS:  # noqa: PLR2004 - the program and the host
        sys.exit(f"usage: python -m tools.pulumi.get_language_host {'|'.join(HOSTS)}")
    host = HOSTS[sys.argv[1]]
    try:
        print(find_or_build(host))
    except UnavailableError as error:
        sys.exit(f"error: no {host.name}: {error}")


def find_or_build(host: Host) -> Path:
    """Return the folder of a host.

    Raises:
        UnavailableError: Go is missing, or the build fails.
    """
    if found := shutil.which(host.name):
        return Path(found).absolute().parent
    version = pinned_version(host.folder, f"{host.module} v")
    folder = cache_folder() / f"{host.name}-{version}"
    with locked(folder):
        if not (folder / host.name).exists():
            if shutil.which("go") is None:
                raise UnavailableError("neither the host nor `go` is on PATH")
            log(f"building {host.name} {version} from source, about 2 minutes (only once)")
            folder.mkdir(exist_ok=True)
            unfinished = folder / "unfinished"
            options = ["-mod=readonly", "-trimpath", "-ldflags", "-s -w", "-o", str(unfinished)]
            go(["build", *options, host.package], host.folder)
            copy_scripts(host.scripts, host.module, host.folder, folder)
            unfinished.rename(folder / host.name)
    return folder


if __name__ == "__main__":
    main()
