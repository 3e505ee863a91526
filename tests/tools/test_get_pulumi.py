import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "pulumi" / "get_pulumi.py"
VERSION = "3.259.0"

Write = Callable[[Path, str], Path]


class Machine:
    """A machine that has on PATH, and in its Python, only what a test gives it."""

    def __init__(self, root: Path, program: Write) -> None:
        self.path = root / "path"
        self.cache = root / "cache"
        self.packages = root / "packages"
        self.journal = root / "journal"
        self.sdk = root / "sdk"
        self.program = program
        for folder in (self.path, self.packages):
            folder.mkdir()
        self.journal.touch()

    def start(self) -> subprocess.Popen[str]:
        environment = {
            "PATH": str(self.path),
            "PYTHONPATH": str(self.packages),
            "PULUMI_DATADOG_CASES_CACHE": str(self.cache),
        }
        return subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def get(self) -> Path:
        """Run the script and return the folder it prints."""
        process = self.start()
        output, complaints = process.communicate()
        assert process.returncode == 0, complaints
        return Path(output.removesuffix("\n"))

    def fail(self) -> str:
        """Run the script and return the words it ends with."""
        process = self.start()
        output, complaints = process.communicate()
        assert process.returncode == 1
        assert output == ""
        assert "Traceback" not in complaints
        return complaints

    def has_installer(self, body: str) -> None:
        """Give the Python a `pulumi` package whose installer runs `body` with `root` and `version`.

        The real one is `PulumiCommand.install` of `pulumi.automation`, called with a
        `semver.VersionInfo`.
        """
        (self.packages / "semver.py").write_text("class VersionInfo:\n    parse = str\n")
        (self.packages / "pulumi").mkdir(exist_ok=True)
        (self.packages / "pulumi" / "__init__.py").touch()
        (self.packages / "pulumi" / "automation.py").write_text(
            "class PulumiCommand:\n"
            "    @staticmethod\n"
            "    def install(root, version):\n" + textwrap.indent(textwrap.dedent(body), " " * 8)
        )

    def has_working_installer(self, version: str) -> None:
        self.has_installer(f"""
            import os, shutil
            open({str(self.journal)!r}, "a").write("install " + version + "\\n")
            os.makedirs(root + "/bin", exist_ok=True)
            for name in ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python"):
                with open(root + "/bin/" + name, "w") as file:
                    file.write("#!{sys.executable}\\nprint({version!r})\\n")
                os.chmod(root + "/bin/" + name, 0o755)
            """)

    def has_go(self, seconds: float = 0) -> None:
        """Put a `go` on PATH whose builds print the version they are stamped with."""
        for script in (
            "python/cmd/pulumi-language-python-exec",
            "python/dist/pulumi-resource-pulumi-python",
        ):
            (self.sdk / script).parent.mkdir(parents=True)
            (self.sdk / script).touch(mode=0o444)
        source = f"""
            import os, re, sys, time
            open({str(self.journal)!r}, "a").write(" ".join((sys.argv[1], sys.argv[-1])) + "\\n")
            if sys.argv[1] == "list":
                print({str(self.sdk)!r})
            else:
                time.sleep({seconds})
                version = re.search(r"Version=(\\S+)", " ".join(sys.argv))[1]
                target = sys.argv[sys.argv.index("-o") + 1] + os.path.basename(sys.argv[-1])
                with open(target, "w") as file:
                    file.write("#!{sys.executable}\\nprint(" + repr(version) + ")\\n")
                os.chmod(target, 0o755)
            """
        self.program(self.path / "go", textwrap.dedent(source))

    def log(self) -> list[str]:
        return self.journal.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path, program: Write) -> Machine:
    return Machine(tmp_path, program)


@pytest.mark.parametrize("version", ["v3.259.0", "v3.300.1-alpha.1700000000+a1b2c3d", "3.1000.0"])
def test_a_pulumi_on_path_that_is_new_enough_is_taken(
    machine: Machine, pulumi: Write, version: str
) -> None:
    pulumi(machine.path, version)
    machine.has_working_installer(f"v{VERSION}")
    assert machine.get() == machine.path
    assert machine.log() == []
    assert not machine.cache.exists()


@pytest.mark.parametrize("version", ["v3.258.9", "v2.999.0", "v4.0.0", "dev"])
def test_a_pulumi_on_path_of_another_version_is_passed_over(
    machine: Machine, pulumi: Write, version: str
) -> None:
    pulumi(machine.path, version)
    machine.has_working_installer(f"v{VERSION}")
    assert machine.get() == machine.cache / f"pulumi-{VERSION}" / "bin"


def test_a_pulumi_on_path_without_python_support_is_passed_over(
    machine: Machine, pulumi: Write
) -> None:
    pulumi(machine.path, f"v{VERSION}")
    (machine.path / "pulumi-resource-pulumi-python").unlink()
    assert "has no pulumi-resource-pulumi-python beside it or on PATH" in machine.fail()


def test_a_link_to_pulumi_counts_the_plugins_where_it_leads(
    machine: Machine, pulumi: Write, tmp_path: Path
) -> None:
    pulumi(tmp_path / "elsewhere", f"v{VERSION}")
    (machine.path / "pulumi").symlink_to(tmp_path / "elsewhere" / "pulumi")
    assert machine.get() == machine.path


def test_the_installer_comes_before_a_build_and_runs_once(machine: Machine) -> None:
    machine.has_go()
    machine.has_working_installer(f"v{VERSION}")
    assert machine.get() == machine.get() == machine.cache / f"pulumi-{VERSION}" / "bin"
    assert machine.log() == [f"install {VERSION}"]


def test_where_the_installer_fails_go_builds(machine: Machine) -> None:
    machine.has_installer("raise OSError('no such host')")
    machine.has_go()
    folder = machine.get()
    assert {file.name for file in folder.iterdir() if os.access(file, os.X_OK)} == {
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
    }
    assert [line.split()[0] for line in machine.log()] == ["build", "build", "list"]


def test_a_build_says_what_it_does_and_how_long_that_takes(machine: Machine) -> None:
    machine.has_go()
    _, words = machine.start().communicate()
    assert f"building Pulumi {VERSION} from source, about 6 minutes" in words


def test_nothing_is_said_when_there_is_nothing_to_do(machine: Machine) -> None:
    machine.has_go()
    machine.get()
    assert machine.start().communicate()[1] == ""


def test_two_processes_at_once_build_once(machine: Machine) -> None:
    machine.has_go(seconds=0.5)
    processes = [machine.start(), machine.start()]
    folders = {process.communicate()[0] for process in processes}
    assert folders == {f"{machine.cache / f'pulumi-{VERSION}' / 'bin'}\n"}
    assert [line.split()[0] for line in machine.log()] == ["build", "build", "list"]


def test_where_no_way_is_open_one_error_names_the_three_and_why(
    machine: Machine, pulumi: Write
) -> None:
    pulumi(machine.path, "v3.1.0")
    machine.has_installer("raise OSError('no such host')")
    machine.program(machine.path / "go", "raise SystemExit('go: proxy says 403')")
    words = machine.fail()
    wanted = f"{VERSION} or newer below 4"
    error = words[words.index("error: ") :].splitlines()
    assert error == [
        f"error: no Pulumi {VERSION} or newer: none of the three ways to get it is open",
        f"  1. `pulumi` on PATH: {machine.path / 'pulumi'} is version v3.1.0, not {wanted}",
        "  2. Pulumi's installer: OSError: no such host",
        "  3. a build with Go: go: proxy says 403",
        "Open one of them and run this again.",
    ]


def test_without_go_the_error_says_which_is_needed(machine: Machine) -> None:
    assert "3. a build with Go: `go` is not on PATH (1.25.11 or newer)" in machine.fail()


def test_a_way_that_fails_leaves_nothing_behind(machine: Machine) -> None:
    machine.has_working_installer("v3.1.0")
    machine.fail()
    assert [file.name for file in machine.cache.iterdir()] == [f"pulumi-{VERSION}.lock"]


def test_a_damaged_cache_is_made_again(machine: Machine) -> None:
    machine.has_go()
    folder = machine.get()
    shutil.rmtree(folder)
    (folder.parent / "unfinished").touch()
    assert machine.get() == folder
    assert not (folder.parent / "unfinished").exists()


def test_a_cache_folder_that_cannot_be_made_is_an_error_that_names_the_variable(
    machine: Machine,
) -> None:
    machine.cache.touch()
    assert "PULUMI_DATADOG_CASES_CACHE" in machine.fail()
