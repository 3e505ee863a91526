"""Faults: failures that the sandbox injects between clients and the API, on request."""
