"""What tests share: a browser in a private JupyterLab, and no quiet way around what is missing.

On a laptop without Chromium, Node or TeX the tests that need it are skipped, and the last lines say
so. Where CI is set, or NBGRAD_REQUIRE_ALL=1, they fail instead.

Some cases about sessions, names, gradients, rules and optimizers follow what TensorFlow 1 asks in
its own gradients_test, session_test, optimizer_test and framework/ops_test: what is asked is
theirs, the code is not.
"""

import json
import os
from collections import Counter
from pathlib import Path
from urllib.request import Request, urlopen

import nbformat
import pytest
from hypothesis import HealthCheck, settings
from labserver import lab_server
from notebook_page import NotebookPage, chromium, find_browser

ROOT = Path(__file__).parent.parent
# Programs are run by their test, each in a graph of its own.
PROGRAMS = [
    *Path(__file__).parent.glob("programs/[!_]*.py"),
    *Path(__file__).parent.glob("seeds/[!_]*.py"),
]
collect_ignore = [
    "tf1/run_graph_def.py",  # a program for another Python, which has TensorFlow
    *(str(path) for path in PROGRAMS if not path.name.startswith("test_")),
]
# A slow laptop is no mistake of the program.
settings.register_profile(
    "patient", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")
NO_BROWSER = "there is no Chromium: apt-get install chromium, or set NBGRAD_BROWSER to its path"
NO_NOTEBOOK = "Notebook 7 is not installed: pip install notebook"
NOT_RUN = "NOT run: "


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_terminal_summary(terminalreporter):
    skipped = (report.longrepr[-1] for report in terminalreporter.stats.get("skipped", []))
    reasons = Counter(each.partition(NOT_RUN)[2] for each in skipped if NOT_RUN in each)
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} tests were {NOT_RUN}{reason}", yellow=True, bold=True)


@pytest.fixture(scope="session")
def missing():
    """What a fixture calls that lacks a program: it skips the test, or fails it in CI."""

    def leave_out(reason):
        required = {os.environ.get("CI"), os.environ.get("NBGRAD_REQUIRE_ALL")} & {"true", "1"}
        (pytest.fail if required else pytest.skip)(NOT_RUN + reason)

    return leave_out


@pytest.fixture(scope="session")
def browser(missing):
    """Chromium, without a window."""
    executable = find_browser() or missing(NO_BROWSER)
    with chromium(executable) as running:
        yield running


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab that serves a copy of the notebooks, with Notebook 7 if it is installed."""
    with lab_server(ROOT / "notebooks", tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def front_end():
    """Where notebooks are opened, "lab" or "notebook": for a test to be parametrised with."""
    return "lab"


@pytest.fixture
def open_notebook(browser, lab, front_end, missing):
    """Open a notebook in a new tab; fail at the end if the tab had errors or asked outside."""
    pages = []
    if front_end == "notebook" and not lab.has_notebook():
        missing(NO_NOTEBOOK)

    def open_in_new_tab(notebook, theme="light"):
        pages.append(NotebookPage(browser, lab, front_end))
        return pages[-1].open(notebook, theme)

    yield open_in_new_tab
    for page in pages:
        page.close()


@pytest.fixture
def write_notebook(lab):
    """Put a new notebook of these cells where JupyterLab finds it."""

    def write(name, *cells):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        content = json.dumps({"type": "notebook", "content": notebook}).encode()
        urlopen(Request(lab.address(f"api/contents/{name}"), content, method="PUT")).close()

    return write


@pytest.fixture
def run_cells(write_notebook, open_notebook):
    """Open and run a new notebook of these cells."""

    def run(name, *cells, theme="light"):
        write_notebook(f"{name}.ipynb", *cells)
        page = open_notebook(f"{name}.ipynb", theme)
        page.run_all()
        return page

    return run
