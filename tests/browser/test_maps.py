"""A page paints the cells of a map as Python does, to the pixel."""

import pytest

from nbgrad.picture.output.svg import Form, html, svg
from nbgrad.picture.scene import INFINITE, PATCH_NAMES, Group, Map, Scene, Style, StyledScene
from nbgrad.widgets.bundle import joined_modules

MODULE = joined_modules("painted.js")
APPLY = """([source, style]) => {
    const { PaintedElement } = new Function(`${source}; return { PaintedElement };`)();
    new PaintedElement(document.querySelector("[data-id=m]")).apply(style);
}"""
STATES = {
    "numbers": ("", (92, -92, 63, -63, 62, -62, 6, -6, 0, 30, 30, -30)),
    "not finite": ("", (None, INFINITE, -INFINITE, 0, 40, -40, None, 12, -12, 1, -1, 0)),
    "one number": ("−0.125", (22,) * 12),
    "a short number": ("1", (22,) * 12),
    "nothing": ("", ()),
}


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 220, "height": 220}, device_scale_factor=2)
    yield page
    page.close()


@pytest.mark.parametrize("shape", [(3, 4, 20, 14), (12, 1, 24, 16), (4, 3, 8, 8)])
@pytest.mark.parametrize("before", ["numbers", "one number"])
@pytest.mark.parametrize("after", STATES)
def test_what_a_patch_paints_is_what_python_paints(before, after, shape, page):
    rows, columns, width, height = shape
    element = Map("m", 10, 10, rows, columns, width, height, "map adjoint")
    scene = Scene(220, 220, Group("all", (element,)))

    def shown(state):
        text, cells = STATES[state]
        return StyledScene(scene, {"m": Style(text, "map adjoint", cells=cells)}, 1)

    def painted(state):
        sheet = html(shown(state), theme="light").partition("<svg")[0]
        page.set_content(f"{sheet}{svg(shown(state), form=Form())}")

    painted(after)
    wanted = page.screenshot()
    painted(before)
    style = dict(zip(PATCH_NAMES, shown(after).styles["m"], strict=True))
    page.evaluate(APPLY, [MODULE, style])
    assert page.screenshot() == wanted
