"""A local server that behaves as the Datadog Case Management API does."""
