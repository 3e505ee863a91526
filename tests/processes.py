"""Starts servers that tests talk to."""

import subprocess
from collections.abc import Mapping
from contextlib import ExitStack


def start_server(
    running: ExitStack, *command: str, env: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[str], str]:
    """Start a server; return its process and the line that it prints when it is ready.

    Args:
        running: ends the server when it is closed.
        command: the program and its arguments.
        env: the environment, by default that of the tests.
    """
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    running.callback(process.wait, 10)
    running.callback(process.terminate)
    assert process.stdout is not None
    running.enter_context(process.stdout)
    return process, process.stdout.readline().strip()
