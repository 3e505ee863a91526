"""Starts servers for tests."""

import subprocess
from collections.abc import Mapping
from contextlib import ExitStack


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
