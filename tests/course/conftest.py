"""What tests of talks and of the site share: a browser that has no network."""

import pytest


@pytest.fixture
def offline(browser):
    """Make a window without a network; fail at the end if a page asked outside or had errors."""
    contexts, wrong = [], []

    def watch(page):
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: is_outside(request.url) and wrong.append(request.url))

    def open_window(width=1280, height=720, scheme="light"):
        viewport = {"width": width, "height": height}
        contexts.append(browser.new_context(viewport=viewport, color_scheme=scheme, offline=True))
        contexts[-1].on("page", watch)
        return contexts[-1]

    yield open_window
    for context in contexts:
        context.close()
    assert wrong == []


def is_outside(url):
    return not url.startswith(("file:", "data:", "blob:", "about:"))
