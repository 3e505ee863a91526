"""Starts the native plugin. Pulumi runs this file, as `PulumiPlugin.yaml` says."""

from pulumi_datadog_cases.plugin.__main__ import main

main()
