"""Starts servers for tests."""

import subprocess
from collections.abc import Mapping
from contextlib import ExitStack


def start_server(
    running: ExitStack, *command: str, env: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[str], str]:
    """Start a server; return its process and the line that the server prints when ready.

    Args:
        running: the exit stack that stops the server when the stack is closed.
        command: the server's program and its arguments.
        env: the server's environment variables, by default those of the tests.
    """
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    running.callback(process.wait, 10)
    running.callback(process.terminate)
    assert process.stdout is not None
    running.enter_context(process.stdout)
    return process, process.stdout.readline().strip()
