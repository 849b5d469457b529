"""The tests of this folder run the page's modules under Node."""

import shutil

import pytest

# What only serves tests is imported by them, and registers its gradients once.
collect_ignore_glob = ["[!t]*.py", "t[!e]*.py"]


@pytest.fixture(scope="session")
def node(missing):
    """Where Node is."""
    found = shutil.which("node")
    if not found:
        missing("there is no Node to test the page's modules with: apt-get install nodejs")
    return found
