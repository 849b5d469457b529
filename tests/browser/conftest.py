"""What tests of saved pages share: a browser that refuses the network."""

import pytest

import nbgrad as ng
from tests.browser.explorer_on_page import ExplorerOnPage
from tests.page.explorer_page import square


@pytest.fixture
def open_page(browser):
    """Opens a file offline; at the end there was no error, and nothing was asked for."""
    contexts, troubles = [], []

    def open_file(path, width=1000, height=800, **options):
        size = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=size, offline=True, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda m: m.type in ("error", "warning") and troubles.append(m.text))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda r: r.url.startswith("http") and troubles.append(r.url))
        page.goto(path.as_uri())
        return page

    yield open_file
    for context in contexts:
        context.close()
    assert not troubles


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
