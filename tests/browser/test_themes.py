"""A theme that was asked for is what a browser paints, whatever the reader's system prefers."""

import numpy as np
import pytest
from matplotlib.image import imread

import nbgrad as tf

# How bright something is painted, from 0 to 1; what is transparent shows what is behind it.
BRIGHTNESS = """([selector, property]) => {
    const found = [document, ...document.querySelectorAll("svg")]
        .map((root) => root.querySelector(selector)).find(Boolean);
    for (let element = found; element; element = element.parentElement) {
        const [r, g, b, a = 1] = getComputedStyle(element)[property].match(/[\\d.]+/g).map(Number);
        if (a > 0) return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
    }
    return 1;
}"""


def results(theme):
    x = tf.Variable(3.0, name="x")
    f = tf.multiply(x, x, name="f")
    drawing = tf.draw(f, x, theme=theme)
    others = (verb(f, x, theme=theme) for verb in (tf.explain, tf.compare, tf.check_gradient))
    yield from {"drawing": drawing, "film": drawing.film(), "cell": drawing.cell("f", ())}.items()
    yield from zip(("derivation", "comparison", "check"), others, strict=True)


@pytest.fixture(params=["light", "dark"])
def painted(request, browser):
    """Opens a file for a reader whose system prefers one theme."""
    context = browser.new_context(color_scheme=request.param)
    page = context.new_page()

    def opened(path):
        page.goto(path.as_uri())
        return lambda *what: page.evaluate(BRIGHTNESS, what)

    yield page, opened, request.param
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_every_saved_result_is_painted_in_its_theme(theme, painted, tmp_path):
    page, opened, preferred = painted
    with tf.Graph().as_default():
        for name, result in results(theme):
            look = opened(result.save(tmp_path / f"{name}.html"))
            dark = (preferred if theme == "auto" else theme) == "dark"
            assert (look("body", "backgroundColor") < 0.5) is dark, name
            for jupyter in (None, "light", "dark"):
                if jupyter:  # what JupyterLab tells its pages counts more than the system
                    page.evaluate(
                        "(is) => { document.body.dataset.jpThemeLight = is; }",
                        str(jupyter == "light").lower(),
                    )
                dark = (jupyter or preferred if theme == "auto" else theme) == "dark"
                assert (look(".nbgrad", "backgroundColor") < 0.5) is dark, name
                assert (look(".nbgrad", "color") > 0.5) is dark, name
            if name in ("drawing", "film", "cell"):
                assert (look(".text", "fill") > 0.4) is dark, name
                look = opened(result.save(tmp_path / f"{name}.svg"))
                assert (look("rect", "fill") < 0.5) is (theme == "dark"), name
                assert (look("text", "fill") > 0.4) is (theme == "dark"), name


@pytest.mark.parametrize("layout", ["overlay", "tape"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_image_looks_as_a_browser_paints_the_picture(theme, layout, browser, tmp_path):
    with tf.Graph().as_default():
        x, y = tf.Variable([[3.0, -40.0]], name="x"), tf.Variable([[2.0], [5.0]], name="y")
        drawing = tf.draw(tf.matmul(x, y, name="z"), [x, y], theme=theme, layout=layout)
    page = browser.new_page(device_scale_factor=3)  # fonts of few pixels are painted in many ways
    page.goto(drawing.save(tmp_path / "f.svg").as_uri())
    page.locator("svg").screenshot(path=tmp_path / "browser.png")
    page.close()
    drawing.save(tmp_path / "matplotlib.png")
    seen = [blurred(imread(tmp_path / f"{name}.png")) for name in ("browser", "matplotlib")]
    assert np.corrcoef(*map(np.ravel, seen))[0, 1] > 0.9
    assert np.abs(seen[0] - seen[1]).max() < 0.15


def blurred(image, fields=(12, 30)):
    """The colours of an image in fields that are too large for a font to matter."""
    rows, columns = (np.array_split(np.arange(image.shape[i]), fields[i]) for i in (0, 1))
    return np.array([[image[np.ix_(r, c)][..., :3].mean((0, 1)) for c in columns] for r in rows])
