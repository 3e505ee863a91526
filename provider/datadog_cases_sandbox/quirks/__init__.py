"""Quirks: permanent behaviours by which the API may differ from the sandbox."""
