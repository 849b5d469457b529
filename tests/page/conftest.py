"""The tests of this folder run the page's modules under Node."""

import shutil

import pytest


@pytest.fixture(scope="session")
def node(missing):
    """Where Node is."""
    found = shutil.which("node")
    if not found:
        missing("there is no Node to test the page's modules with: apt-get install nodejs")
    return found
