"""Print the folder of a suitable Pulumi command line. If necessary, install Pulumi first.

Tries three ways, in this order:

1. the `pulumi` on PATH, if it is new enough and has its plugins for Python;
2. Pulumi's own installer, which downloads the official build;
3. a build with the installed Go toolchain, from the modules pinned beside this file.

The second and third way install into a cache folder of the user, which has one folder per version.
Later runs use the installed version again. The cache folder is `$PULUMI_DATADOG_CASES_CACHE`. By
default, it is the folder `pulumi-datadog-cases` in `$XDG_CACHE_HOME` or `~/.cache`.

The folder is printed to stdout, everything else to stderr. This program needs only the standard
library, but the second way also needs the `pulumi` package.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

HERE = Path(__file__).resolve().parent
CLI_MODULE = HERE / "cli"
LANGUAGE_MODULE = HERE / "language-python"

SDK = "github.com/pulumi/pulumi/sdk/v3"
CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
LANGUAGE_PACKAGE = f"{SDK}/python/cmd/pulumi-language-python"

LANGUAGE_HOST = "pulumi-language-python"
DYNAMIC_PROVIDER = "pulumi-resource-pulumi-python"
# Scripts of the SDK's Go module. `build` copies them beside the binaries.
SCRIPTS = ("python/cmd/pulumi-language-python-exec", f"python/dist/{DYNAMIC_PROVIDER}")

# Pulumi's installer sets no timeout for its download. If a firewall drops the packets, the
# installer fails only after minutes. With this default socket timeout, it fails after seconds.
INSTALL_PROGRAM = """
import socket, subprocess, sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo

socket.setdefaulttimeout(5)
try:
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
except subprocess.CalledProcessError as error:
    sys.exit(error.output.decode(errors="replace"))
"""

# Timeouts in seconds. They are long enough for slow machines. Only programs that hang are killed.
VERSION_TIMEOUT = 60
INSTALL_TIMEOUT = 300
BUILD_TIMEOUT = 3600


class UnavailableError(Exception):
    """A way to get Pulumi does not work. The message gives the reason."""


def main() -> None:
    """Print the folder. If all three ways fail, exit with an error that says why each failed."""
    signal.signal(signal.SIGTERM, exit_on_signal)
    try:
        print(find_or_install(pinned_version(CLI_MODULE, "github.com/pulumi/pulumi/pkg/v3 v")))
    except UnavailableError as error:
        sys.exit(f"error: {error}")
    except OSError as error:
        sys.exit(
            f"error: cannot write Pulumi to its cache folder: {error}; "
            "set PULUMI_DATADOG_CASES_CACHE to another folder"
        )
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def exit_on_signal(number: int, _frame: FrameType | None) -> None:
    """Raise `SystemExit`, so that `run` kills the program that it started."""
    sys.exit(128 + number)


def find_or_install(version: str) -> Path:
    """Return the `bin` folder of Pulumi `version` or newer, from the first way that works.

    Raises:
        UnavailableError: None of the ways works.
        OSError: The cache folder cannot be created or written.
    """
    try:
        return on_path(version)
    except UnavailableError as error:
        reasons = [f"`pulumi` on PATH: {error}"]

    root = cache_folder() / f"pulumi-{version}"
    if is_usable(root / "bin", version):
        return root / "bin"
    with locked(root):
        if is_usable(root / "bin", version):  # another process installed it
            return root / "bin"
        for way, install in (("Pulumi's installer", download), ("a build with Go", build)):
            log(reasons[-1])
            try:
                install_atomically(root, version, install)
            except UnavailableError as error:
                reasons.append(f"{way}: {error}")
            else:
                return root / "bin"
    ways = "".join(f"\n  {number}. {reason}" for number, reason in enumerate(reasons, 1))
    raise UnavailableError(
        f"no Pulumi {version} or newer: none of the three ways to get it works{ways}\n"
        "Make one of them work and run this again."
    )


def on_path(version: str) -> Path:
    """Return the folder of the `pulumi` on PATH.

    Raises:
        UnavailableError: PATH has no `pulumi`, its version is not supported, or it lacks a
            plugin.
    """
    found = shutil.which("pulumi")
    if found is None:
        raise UnavailableError("not found")
    folder = Path(found).absolute().parent
    check(folder, version)
    return folder


def download(root: Path, version: str) -> None:
    """Download the official build to `root` with the installer of the `pulumi` package."""
    log(f"downloading Pulumi {version} with its own installer, under a minute (only once)")
    run([sys.executable, "-c", INSTALL_PROGRAM, str(root), version], timeout=INSTALL_TIMEOUT)


def build(root: Path, version: str) -> None:
    """Build Pulumi in `root` from the pinned modules."""
    if shutil.which("go") is None:
        raise UnavailableError(
            f"`go` is not on PATH ({pinned_version(CLI_MODULE, 'go ')} or newer)"
        )
    log(f"building Pulumi {version} from source, about 6 minutes on two processors (only once)")
    folder = root / "bin"
    for module, package in ((CLI_MODULE, CLI_PACKAGE), (LANGUAGE_MODULE, LANGUAGE_PACKAGE)):
        stamp = f"-X {SDK}/go/common/version.Version=v{version}"
        options = ["-mod=readonly", "-trimpath", "-ldflags", f"-s -w {stamp}", "-o", f"{folder}/"]
        go(["build", *options, package], module)
    copy_scripts(SCRIPTS, SDK, CLI_MODULE, folder)


def copy_scripts(scripts: Sequence[str], module: str, pinned: Path, folder: Path) -> None:
    """Copy scripts of a Go module, whose version the folder `pinned` pins, beside the binaries."""
    source = go(["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module], pinned).strip()
    for script in scripts:
        target = folder / Path(script).name
        shutil.copyfile(Path(source) / script, target)
        target.chmod(0o755)


def go(arguments: Sequence[str], module: Path) -> str:
    """Run `go` in a module, and return its output. Go workspaces are ignored."""
    environment = {"GOWORK": "off", "CGO_ENABLED": "0"}
    return run(["go", *arguments], timeout=BUILD_TIMEOUT, cwd=module, environment=environment)


def install_atomically(root: Path, version: str, install: Callable[[Path, str], None]) -> None:
    """Install into a temporary folder, then rename that folder to `root`.

    The caller must hold the lock of `root`.
    """
    unfinished = root.with_name(f"{root.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "bin").mkdir(parents=True)
    started = time.monotonic()
    try:
        install(unfinished, version)
        check(unfinished / "bin", version)
        shutil.rmtree(root, ignore_errors=True)  # a damaged installation may exist
        unfinished.rename(root)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    log(f"Pulumi {version} is in {root} after {time.monotonic() - started:.0f} s")


def check(folder: Path, version: str) -> None:
    """Check that the `pulumi` in `folder` has a supported version and its plugins for Python.

    Raises:
        UnavailableError: The version is not supported, or a plugin is missing.
    """
    pulumi = folder / "pulumi"
    printed = run([str(pulumi), "version"], timeout=VERSION_TIMEOUT)
    numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", printed)
    if numbers is None:
        raise UnavailableError(f"{pulumi} prints no version")
    minimum = tuple(map(int, version.split(".")))
    found = tuple(map(int, numbers.groups()))
    if not minimum <= found < (minimum[0] + 1,):
        supported = f"at least {version} and below {minimum[0] + 1}"
        raise UnavailableError(f"{pulumi} is version {numbers[0]}; it must be {supported}")
    # Pulumi follows symbolic links to its binary, and looks for plugins beside the binary and on
    # PATH.
    folders = os.pathsep.join([str(pulumi.resolve().parent), os.environ.get("PATH", "")])
    for plugin in (LANGUAGE_HOST, DYNAMIC_PROVIDER):
        if shutil.which(plugin, path=folders) is None:
            raise UnavailableError(f"{pulumi} has no {plugin} beside it or on PATH")


def is_usable(folder: Path, version: str) -> bool:
    """Return whether the Pulumi in `folder` passes `check`."""
    try:
        check(folder, version)
    except UnavailableError:
        return False
    return True


def run(
    command: Sequence[str],
    *,
    timeout: float,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program to its end and return its standard output.

    Args:
        command: The program and its arguments.
        timeout: Seconds after which the program and the processes that it started are killed.
        cwd: The folder to run it in. By default, the current folder.
        environment: Environment variables in addition to those of this process.

    Raises:
        UnavailableError: The program cannot be started, fails, or times out.
    """
    variables = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", **(environment or {})}
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise UnavailableError(f"{command[0]}: {error.strerror}") from error
    with process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except BaseException as error:  # an interrupt, too, must kill the program and its children
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise UnavailableError(f"timed out after {timeout:.0f} s") from error
            raise
    if process.returncode:
        lines = [line for line in errors.splitlines() if line.strip()]
        lines = [line for line in lines if not line.startswith("exit status")] or lines  # `go run`
        raise UnavailableError(lines[-1].strip() if lines else f"exit status {process.returncode}")
    return output


@contextmanager
def locked(root: Path) -> Generator[None]:
    """Hold the lock file of `root`. If another process holds the lock, wait for that process."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            log(f"waiting for another process to finish {root}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def cache_folder() -> Path:
    """Return the user's cache folder, which contains the installed versions."""
    configured = os.environ.get("PULUMI_DATADOG_CASES_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME")
    parent = Path(caches) if caches else Path.home() / ".cache"
    return Path(configured).absolute() if configured else parent / "pulumi-datadog-cases"


def pinned_version(module: Path, prefix: str) -> str:
    """Return the version that follows `prefix` in a go.mod."""
    text = (module / "go.mod").read_text(encoding="utf-8")
    match = re.search(rf"^(?:require )?{re.escape(prefix)}(\d[\d.]*)$", text, re.MULTILINE)
    if match is None:
        raise UnavailableError(f"{module / 'go.mod'} has no line `{prefix}<version>`")
    return match[1]


def log(line: str) -> None:
    """Print a line about the progress."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
