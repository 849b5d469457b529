"""The tests of this folder share its traces: `import traces`."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def pdflatex(missing):
    """The program that compiles LaTeX."""
    packages = "texlive-latex-recommended texlive-pictures lmodern"
    return shutil.which("pdflatex") or missing(f"there is no pdflatex: apt-get install {packages}")
