"""Runs programs and starts servers for tests."""

import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


def run(
    *command: str, cwd: Path, env: Mapping[str, str] | None = None, timeout: float | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a program without standard input, and wait until it ends.

    Args:
        command: the program and its arguments.
        cwd: the folder to run it in.
        env: its environment variables; by default, the environment of the tests.
        timeout: seconds after which it is killed and the test fails.

    Returns:
        The ended process. Its `stdout` also has what it wrote to standard error.
    """
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=timeout,
    )


def start_server(
    running: ExitStack, *command: str, env: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[str], str]:
    """Start a server. Return its process, and the line that it prints once it is ready.

    Args:
        running: an exit stack. When it is closed, the server is stopped.
        command: the server's program and its arguments.
        env: the server's environment variables; by default, the environment of the tests.
    """
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    running.callback(process.wait, 10)
    running.callback(process.terminate)
    assert process.stdout is not None
    running.enter_context(process.stdout)
    return process, process.stdout.readline().strip()
