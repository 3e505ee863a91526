"""For the tests of Pulumi's state: the option `--write-golden`, and a PostgreSQL server."""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import pytest

#: A function that creates an empty database and returns its URL for Pulumi, as in
#: `new_database("name")`.
NewDatabase: TypeAlias = Callable[[str], str]

#: An environment variable that is set in CI. Without PostgreSQL, the tests fail if this variable is
#: set, and are skipped if it is not set.
REQUIRED = "REQUIRE_POSTGRESQL"
NO_POSTGRESQL = "PostgreSQL is not installed: pg_ctl is neither on PATH nor in /usr/lib/postgresql"
#: The folder in which Debian installs the server's programs. It is not on PATH.
DEBIANS = Path("/usr/lib/postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "write the golden state of this release if it does not exist yet"
    parser.addoption("--write-golden", action="store_true", help=help_)


class Server:
    """A PostgreSQL server on a socket in its own private folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.folder = folder
        self._programs = programs
        # PostgreSQL refuses to run as root.
        self._user = _unprivileged_user() if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)

    def start(self) -> None:
        self._run("initdb", "--username=pulumi", "--auth=trust", "--no-locale", "--no-sync")
        options = f"-k {shlex.quote(str(self.folder))} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "start", "--wait", f"--log={self.folder}/log", f"--options={options}")

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--wait", "--mode=fast")

    def make_database(self, name: str) -> str:
        self._run("createdb", f"--host={self.folder}", "--username=pulumi", name)
        return f"postgres://pulumi@/{name}?host={quote(str(self.folder))}&sslmode=disable"

    def _run(self, program: str, *arguments: str) -> None:
        user = self._user
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self.folder,
            env={**os.environ, "PGDATA": f"{self.folder}/data", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )
        assert done.returncode == 0, f"{program}: {done.stdout}"


def _unprivileged_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@pytest.fixture(scope="session")
def new_database() -> Iterator[NewDatabase]:
    """Return a `NewDatabase` function. Each test process has its own server."""
    path = os.pathsep.join([os.environ["PATH"], *map(str, sorted(DEBIANS.glob("*/bin")))])
    if (found := shutil.which("pg_ctl", path=path)) is None:
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(NO_POSTGRESQL)
    # The path of pytest's own temporary folder would be too long for the name of a socket. Also, if
    # the tests run as root, the user of the server has no access to pytest's folder.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as folder:
        server = Server(Path(found).resolve().parent, Path(folder))
        server.start()
        yield server.make_database
        server.stop()
