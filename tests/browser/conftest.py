"""What the tests of explorers in a page share: a page from the disk."""

import pytest

import nbgrad as ng
from tests.browser.explorer_on_page import ExplorerOnPage
from tests.page.explorer_page import square


@pytest.fixture
def opened(browser, tmp_path):
    """Open the explorer of a graph from the disk; the console stays empty."""
    contexts, errors = [], []

    def opened(graph=square, width=878, height=640, hide="", **options):
        path = tmp_path / "explorer.html"
        with ng.Graph().as_default():
            ng.explore(*graph(), hide=hide).save(path)
        size = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=size, offline=True, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        return ExplorerOnPage(page)

    yield opened
    for context in contexts:
        context.close()
    assert not errors
