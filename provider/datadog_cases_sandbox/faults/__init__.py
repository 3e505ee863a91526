"""Faults: failures that the sandbox imitates. Clients add and remove faults with requests."""
