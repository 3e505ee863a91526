"""Print the folder of a Pulumi command line that this project can use, getting one where needed.

Three ways, in this order:

1. the `pulumi` on PATH, if it is new enough and comes with what runs Python programs;
2. Pulumi's own installer, which downloads the official build;
3. a build with this machine's Go toolchain, from the modules pinned beside this file.

What the second or the third way makes is kept in a cache folder of the user's, one folder per
version, and found there from then on: `$PULUMI_DATADOG_CASES_CACHE`, or `pulumi-datadog-cases` in
`$XDG_CACHE_HOME` (by default `~/.cache`). The folder goes to standard output, all else to standard
error. Nothing but the standard library is needed; the second way is open only to a Python that has
the `pulumi` package.
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
# Scripts, not Go programs: they lie in the SDK's module and go beside the binaries.
SCRIPTS = ("python/cmd/pulumi-language-python-exec", f"python/dist/{DYNAMIC_PROVIDER}")

# The installer opens its download without a time-out: the one for sockets keeps it from waiting
# minutes for a host that a firewall hides.
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

# Seconds. They end what would hang for ever, nothing that is only slow.
ASK_TIMEOUT = 60
INSTALL_TIMEOUT = 300
BUILD_TIMEOUT = 3600


class UnavailableError(Exception):
    """A way is closed. The message says why, in one line."""


def main() -> None:
    """Print the folder, or end with one error that names the ways and says why each is closed."""
    signal.signal(signal.SIGTERM, terminated)
    try:
        print(find_or_get(pinned(CLI_MODULE, "github.com/pulumi/pulumi/pkg/v3 v")))
    except UnavailableError as error:
        sys.exit(f"error: {error}")
    except OSError as error:
        sys.exit(
            f"error: cannot keep Pulumi in its cache folder: {error}; "
            "name another folder in PULUMI_DATADOG_CASES_CACHE"
        )
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)


def terminated(number: int, _frame: FrameType | None) -> None:
    """End as an interrupt does, so that `run` ends what it started."""
    sys.exit(128 + number)


def find_or_get(version: str) -> Path:
    """Return the `bin` folder of Pulumi `version` or newer, from the first way that is open.

    Raises:
        UnavailableError: None of the ways is open.
        OSError: The cache folder cannot be made or written.
    """
    try:
        return on_path(version)
    except UnavailableError as error:
        closed = [f"`pulumi` on PATH: {error}"]

    root = cache_folder() / f"pulumi-{version}"
    if is_usable(root / "bin", version):
        return root / "bin"
    with locked(root):
        if is_usable(root / "bin", version):  # made by the process that this one waited for
            return root / "bin"
        for way, fill in (("Pulumi's installer", install), ("a build with Go", build)):
            say(closed[-1])
            try:
                make(root, version, fill)
            except UnavailableError as error:
                closed.append(f"{way}: {error}")
            else:
                return root / "bin"
    ways = "".join(f"\n  {number}. {reason}" for number, reason in enumerate(closed, 1))
    raise UnavailableError(
        f"no Pulumi {version} or newer: none of the three ways to get it is open{ways}\n"
        "Open one of them and run this again."
    )


def on_path(version: str) -> Path:
    """Return the folder of the `pulumi` on PATH.

    Raises:
        UnavailableError: There is none, it is too old, or it cannot run Python programs.
    """
    found = shutil.which("pulumi")
    if found is None:
        raise UnavailableError("not there")
    folder = Path(found).absolute().parent
    check(folder, version)
    return folder


def install(root: Path, version: str) -> None:
    """Fill `root` with the official build, by the installer in the `pulumi` package."""
    say(f"downloading Pulumi {version} with its own installer, under a minute, once")
    run([sys.executable, "-c", INSTALL_PROGRAM, str(root), version], timeout=INSTALL_TIMEOUT)


def build(root: Path, version: str) -> None:
    """Fill `root` with a build from the pinned modules."""
    if shutil.which("go") is None:
        raise UnavailableError(f"`go` is not on PATH ({pinned(CLI_MODULE, 'go ')} or newer)")
    say(f"building Pulumi {version} from source, about 6 minutes on two processors, once")
    folder = root / "bin"
    for module, package in ((CLI_MODULE, CLI_PACKAGE), (LANGUAGE_MODULE, LANGUAGE_PACKAGE)):
        stamp = f"-X {SDK}/go/common/version.Version=v{version}"
        options = ["-mod=readonly", "-trimpath", "-ldflags", f"-s -w {stamp}", "-o", f"{folder}/"]
        go(["build", *options, package], module)
    sdk = Path(go(["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", SDK], CLI_MODULE).strip())
    for script in SCRIPTS:
        target = folder / Path(script).name
        shutil.copyfile(sdk / script, target)
        target.chmod(0o755)


def go(arguments: Sequence[str], module: Path) -> str:
    """Run `go` in a module, whatever workspace the checkout lies in, and return what it prints."""
    settings = {"GOWORK": "off", "CGO_ENABLED": "0"}
    return run(["go", *arguments], timeout=BUILD_TIMEOUT, cwd=module, settings=settings)


def make(root: Path, version: str, fill: Callable[[Path, str], None]) -> None:
    """Make `root` as a whole or not at all; only for the holder of its lock."""
    unfinished = root.with_name(f"{root.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "bin").mkdir(parents=True)
    started = time.monotonic()
    try:
        fill(unfinished, version)
        check(unfinished / "bin", version)
        shutil.rmtree(root, ignore_errors=True)  # there, but not usable: damaged
        unfinished.rename(root)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    say(f"Pulumi {version} is in {root} after {time.monotonic() - started:.0f} s")


def check(folder: Path, version: str) -> None:
    """Run the `pulumi` in `folder` to see that it is new enough and can run Python programs.

    Raises:
        UnavailableError: It is not, or it cannot.
    """
    pulumi = folder / "pulumi"
    printed = run([str(pulumi), "version"], timeout=ASK_TIMEOUT)
    numbers = re.match(r"v?(\d+)\.(\d+)\.(\d+)", printed)
    if numbers is None:
        raise UnavailableError(f"{pulumi} does not tell its version")
    least = tuple(map(int, version.split(".")))
    found = tuple(map(int, numbers.groups()))
    if not least <= found < (least[0] + 1,):
        wanted = f"{version} or newer below {least[0] + 1}"
        raise UnavailableError(f"{pulumi} is version {numbers[0]}, not {wanted}")
    # The engine looks for plugins beside its own binary, links followed, and on PATH.
    places = os.pathsep.join([str(pulumi.resolve().parent), os.environ.get("PATH", "")])
    for plugin in (LANGUAGE_HOST, DYNAMIC_PROVIDER):
        if shutil.which(plugin, path=places) is None:
            raise UnavailableError(f"{pulumi} has no {plugin} beside it or on PATH")


def is_usable(folder: Path, version: str) -> bool:
    """Say whether `folder` holds a Pulumi that passes the check."""
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
    settings: Mapping[str, str] | None = None,
) -> str:
    """Run a program to its end and return its standard output.

    Args:
        command: The program and its arguments.
        timeout: Seconds after which it is ended, with all that it started.
        cwd: The folder to run it in; by default this one's.
        settings: Environment variables on top of this process's.

    Raises:
        UnavailableError: It cannot be started, fails, or takes too long.
    """
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true", **(settings or {})}
    try:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment,
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
            output, complaints = process.communicate(timeout=timeout)
        except BaseException as error:  # an interrupt, too, must end what the program started
            os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, subprocess.TimeoutExpired):
                raise UnavailableError(f"no end after {timeout:.0f} s") from error
            raise
    if process.returncode:
        said = [line for line in complaints.splitlines() if line.strip()]
        raise UnavailableError(said[-1].strip() if said else f"exit status {process.returncode}")
    return output


@contextmanager
def locked(root: Path) -> Generator[None]:
    """Hold the one lock on making `root`, waiting where another process has it."""
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(f"{root.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process to finish {root}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def cache_folder() -> Path:
    """Return the folder for what is made once per user."""
    named = os.environ.get("PULUMI_DATADOG_CASES_CACHE")
    caches = os.environ.get("XDG_CACHE_HOME")
    parent = Path(caches) if caches else Path.home() / ".cache"
    return Path(named).absolute() if named else parent / "pulumi-datadog-cases"


def pinned(module: Path, before: str) -> str:
    """Return the version that a go.mod writes after `before`."""
    text = (module / "go.mod").read_text(encoding="utf-8")
    match = re.search(rf"^(?:require )?{re.escape(before)}(\d[\d.]*)$", text, re.MULTILINE)
    if match is None:
        raise UnavailableError(f"{module / 'go.mod'} has no line `{before}<version>`")
    return match[1]


def say(line: str) -> None:
    """Tell the user what goes on."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
