"""Starts the native plugin, and prints the port on which it answers Pulumi's engine."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc  # type: ignore[import-untyped] # comes with pulumi, without stubs
from pulumi.runtime.proto import provider_pb2_grpc

from pulumi_datadog_cases.engine.plugin_host import WORKERS, exit_with_pulumi
from pulumi_datadog_cases.plugin.provider import Provider, servicer

#: As in Pulumi's SDK: a message with the inputs of a resource may be large.
_MAX_MESSAGE = 400 * 1024 * 1024


def main() -> None:
    """Run the plugin until Pulumi ends it, or until Pulumi ends."""
    server = grpc.server(
        ThreadPoolExecutor(WORKERS),
        options=[("grpc.max_receive_message_length", _MAX_MESSAGE)],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer(Provider()), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    exit_with_pulumi()
    threading.Event().wait()


if __name__ == "__main__":
    main()
