"""What tests of states share."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    help_ = "write the state of this release where there is none yet"
    parser.addoption("--write-golden", action="store_true", help=help_)
