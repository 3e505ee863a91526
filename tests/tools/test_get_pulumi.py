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
    """A machine that has only the programs and Python packages that a test adds."""

    def __init__(self, root: Path, program: Write) -> None:
        self.path = root / "path"
        self.cache = root / "cache"
        self.packages = root / "packages"
        self.log_file = root / "log"
        self.sdk = root / "sdk"
        self.program = program
        for folder in (self.path, self.packages):
            folder.mkdir()
        self.log_file.touch()

    def start_script(self) -> subprocess.Popen[str]:
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

    def folder(self) -> Path:
        """Run the script and return the folder that it prints."""
        process = self.start_script()
        output, errors = process.communicate()
        assert process.returncode == 0, errors
        return Path(output.removesuffix("\n"))

    def error(self) -> str:
        """Run the script, check that it fails, and return its stderr."""
        process = self.start_script()
        output, errors = process.communicate()
        assert process.returncode == 1
        assert output == ""
        assert "Traceback" not in errors
        return errors

    def add_installer(self, body: str) -> None:
        """Add a `pulumi` package whose installer runs `body` with `root` and `version`.

        The real installer is `pulumi.automation.PulumiCommand.install`. Its argument `version` is a
        `semver.VersionInfo`. In the fake, `version` is a string.
        """
        (self.packages / "semver.py").write_text("class VersionInfo:\n    parse = str\n")
        (self.packages / "pulumi").mkdir(exist_ok=True)
        (self.packages / "pulumi" / "__init__.py").touch()
        (self.packages / "pulumi" / "automation.py").write_text(
            "class PulumiCommand:\n"
            "    @staticmethod\n"
            "    def install(root, version):\n" + textwrap.indent(textwrap.dedent(body), " " * 8)
        )

    def add_working_installer(self, version: str) -> None:
        self.add_installer(f"""
            import os, shutil
            open({str(self.log_file)!r}, "a").write("install " + version + "\\n")
            os.makedirs(root + "/bin", exist_ok=True)
            for name in ("pulumi", "pulumi-language-python", "pulumi-resource-pulumi-python"):
                with open(root + "/bin/" + name, "w") as file:
                    file.write("#!{sys.executable}\\nprint({version!r})\\n")
                os.chmod(root + "/bin/" + name, 0o755)
            """)

    def add_go(self, seconds: float = 0) -> None:
        """Put a fake `go` on PATH. It builds programs that print the version in the linker flags.

        Args:
            seconds: the duration of each build.
        """
        for script in (
            "python/cmd/pulumi-language-python-exec",
            "python/dist/pulumi-resource-pulumi-python",
        ):
            (self.sdk / script).parent.mkdir(parents=True)
            (self.sdk / script).touch(mode=0o444)
        source = f"""
            import os, re, sys, time
            open({str(self.log_file)!r}, "a").write(" ".join((sys.argv[1], sys.argv[-1])) + "\\n")
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

    def calls(self) -> list[str]:
        return self.log_file.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path, program: Write) -> Machine:
    return Machine(tmp_path, program)


@pytest.mark.parametrize("version", ["v3.259.0", "v3.300.1-alpha.1700000000+a1b2c3d", "3.1000.0"])
def test_new_enough_pulumi_on_path_is_used(machine: Machine, pulumi: Write, version: str) -> None:
    pulumi(machine.path, version)
    machine.add_working_installer(f"v{VERSION}")
    assert machine.folder() == machine.path
    assert machine.calls() == []
    assert not machine.cache.exists()


@pytest.mark.parametrize("version", ["v3.258.9", "v2.999.0", "v4.0.0", "dev"])
def test_unsupported_pulumi_on_path_is_skipped(
    machine: Machine, pulumi: Write, version: str
) -> None:
    pulumi(machine.path, version)
    machine.add_working_installer(f"v{VERSION}")
    assert machine.folder() == machine.cache / f"pulumi-{VERSION}" / "bin"


def test_pulumi_on_path_without_plugin_is_skipped(machine: Machine, pulumi: Write) -> None:
    pulumi(machine.path, f"v{VERSION}")
    (machine.path / "pulumi-resource-pulumi-python").unlink()
    assert "has no pulumi-resource-pulumi-python beside it or on PATH" in machine.error()


def test_plugins_are_found_through_link_to_pulumi(
    machine: Machine, pulumi: Write, tmp_path: Path
) -> None:
    pulumi(tmp_path / "elsewhere", f"v{VERSION}")
    (machine.path / "pulumi").symlink_to(tmp_path / "elsewhere" / "pulumi")
    assert machine.folder() == machine.path


def test_installer_runs_once_and_before_a_build(machine: Machine) -> None:
    machine.add_go()
    machine.add_working_installer(f"v{VERSION}")
    assert machine.folder() == machine.folder() == machine.cache / f"pulumi-{VERSION}" / "bin"
    assert machine.calls() == [f"install {VERSION}"]


def test_go_builds_if_installer_fails(machine: Machine) -> None:
    machine.add_installer("raise OSError('no such host')")
    machine.add_go()
    folder = machine.folder()
    assert {file.name for file in folder.iterdir() if os.access(file, os.X_OK)} == {
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
    }
    assert [line.split()[0] for line in machine.calls()] == ["build", "build", "list"]


def test_build_announces_itself_and_its_duration(machine: Machine) -> None:
    machine.add_go()
    _, errors = machine.start_script().communicate()
    assert f"building Pulumi {VERSION} from source, about 6 minutes" in errors


def test_cached_pulumi_prints_no_progress(machine: Machine) -> None:
    machine.add_go()
    machine.folder()
    assert machine.start_script().communicate()[1] == ""


def test_concurrent_processes_build_once(machine: Machine) -> None:
    machine.add_go(seconds=0.5)
    processes = [machine.start_script(), machine.start_script()]
    folders = {process.communicate()[0] for process in processes}
    assert folders == {f"{machine.cache / f'pulumi-{VERSION}' / 'bin'}\n"}
    assert [line.split()[0] for line in machine.calls()] == ["build", "build", "list"]


def test_error_lists_reason_of_each_way(machine: Machine, pulumi: Write) -> None:
    pulumi(machine.path, "v3.1.0")
    machine.add_installer("raise OSError('no such host')")
    machine.program(machine.path / "go", "raise SystemExit('go: proxy says 403')")
    errors = machine.error()
    problem = f"is version v3.1.0; it must be at least {VERSION} and below 4"
    error = errors[errors.index("error: ") :].splitlines()
    assert error == [
        f"error: no Pulumi {VERSION} or newer: none of the three ways to get it works",
        f"  1. `pulumi` on PATH: {machine.path / 'pulumi'} {problem}",
        "  2. Pulumi's installer: OSError: no such host",
        "  3. a build with Go: go: proxy says 403",
        "Make one of them work and run this again.",
    ]


def test_error_names_needed_go_version(machine: Machine) -> None:
    assert "3. a build with Go: `go` is not on PATH (1.25.11 or newer)" in machine.error()


def test_failed_install_leaves_no_files(machine: Machine) -> None:
    machine.add_working_installer("v3.1.0")
    machine.error()
    assert [file.name for file in machine.cache.iterdir()] == [f"pulumi-{VERSION}.lock"]


def test_damaged_cache_is_rebuilt(machine: Machine) -> None:
    machine.add_go()
    folder = machine.folder()
    shutil.rmtree(folder)
    (folder.parent / "unfinished").touch()
    assert machine.folder() == folder
    assert not (folder.parent / "unfinished").exists()


def test_error_names_variable_of_unwritable_cache(
    machine: Machine,
) -> None:
    machine.cache.touch()
    assert "PULUMI_DATADOG_CASES_CACHE" in machine.error()
