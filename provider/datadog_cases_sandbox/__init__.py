"""A local server that behaves like the Datadog Case Management API."""
