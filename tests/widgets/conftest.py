"""What the widget tests share: TypeScript, fetched from npm once and kept in pytest's cache.

Without Node, or without a network when it is first wanted, the page's types are not checked.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent / "page_types"
NO_NODE = "there is no Node with npm to check types with: apt-get install nodejs npm"
NO_TYPESCRIPT = "npm could not fetch TypeScript to check types with (is there a network?)"
NPM_CI = [
    *("ci", "--ignore-scripts", "--no-audit", "--prefer-offline"),
    # Whoever has no network hears of it after seconds, and not after npm's usual minutes; in CI
    # there is one, which may be slow.
    f"--fetch-retries={8 if os.environ.get('CI') else 2}",
    *("--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=20000", "--fetch-timeout=60000"),
]


@pytest.fixture(scope="session")
def tsc(pytestconfig, missing):
    """The command that checks types, in the version that the lock file names."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        missing(NO_NODE)
    folder = pytestconfig.cache.mkdir("page_types")
    if not is_installed(folder):
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PROJECT / name, folder)
        # pytest keeps npm's own words, and shows them when this is a failure.
        if subprocess.run([npm, *NPM_CI], cwd=folder).returncode:
            missing(NO_TYPESCRIPT)
    return [node, folder / "node_modules/typescript/bin/tsc", "--project", PROJECT]


def is_installed(folder):
    """Whether npm came to its end here, for the lock file of today."""
    lock = folder / "package-lock.json"
    finished = (folder / "node_modules/.package-lock.json").exists()
    return finished and lock.read_bytes() == (PROJECT / lock.name).read_bytes()
