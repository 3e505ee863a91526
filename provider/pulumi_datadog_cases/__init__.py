"""Datadog Case Management as code: Pulumi resources for projects, rules and cases."""
