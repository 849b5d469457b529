"""A picture is seen whole wherever it goes: in columns, on paper, where styles are stripped."""

import json
import math
import re
from urllib.request import Request, urlopen

import bleach
import nbformat
import pytest
from playwright.sync_api import expect

import nbgrad as tf

# Of what is seen of some elements: where it is, relative to the window.
BOXES = """(elements) => elements.map((each) => each.getBoundingClientRect())
    .filter((box) => box.width > 0).map((box) => [box.left, box.top, box.right, box.bottom])"""
TEXT_SIZES = """(texts) => texts.filter((each) => each.textContent).map((each) =>
    parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)"""
A4 = {"portrait": (718, 1047), "landscape": (1047, 718)}  # without the margins of a browser


def drawing(length=5, **options):
    """A chain that is as wide as it may be, or as high where it must be narrow."""
    with tf.Graph().as_default():
        x, y = tf.Variable(3.0, name="x"), tf.Variable(4.0, name="y")
        z = x
        for n in range(length):
            z = tf.add(tf.multiply(z, y, name=f"m{n}"), x, name=f"s{n}")
        return tf.draw(z, [x, y], **options)


@pytest.fixture
def opened(browser, tmp_path):
    """Opens what a result saves as a page."""
    context = browser.new_context(viewport={"width": 900, "height": 700}, offline=True)

    def open_result(result):
        page = context.new_page()
        page.goto(result.save(tmp_path / "f.html").as_uri())
        return page

    yield open_result
    context.close()


def test_a_narrow_column_scrolls_and_does_not_shrink_it(opened):
    picture = drawing()
    page = opened(picture)
    page.set_viewport_size({"width": 400, "height": 700})
    [[left, _, right, _]] = page.locator("svg").evaluate_all(BOXES)
    assert right - left == math.ceil(picture.scene.width)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.locator(".nbgrad").evaluate("(frame) => { frame.scrollLeft = 1e4; }")
    [[_, _, right, _]] = page.locator("svg").evaluate_all(BOXES)
    assert 300 < right <= 400
    assert min(page.locator("svg text").evaluate_all(TEXT_SIZES)) >= 12


def test_a_cell_in_a_narrow_jupyterlab_scrolls_and_does_not_shrink_it(run_cells):
    layer = "x = tf.Variable(2.0)\nd = tf.draw(tf.tanh(x * x) * x, x)\nd"
    page = run_cells("column", f"import nbgrad as tf\n{layer}", "print(d.scene.width)").page
    width = math.ceil(float(page.locator(".jp-OutputArea-output pre").inner_text()))
    for window in (1280, 600):
        page.set_viewport_size({"width": window, "height": 800})
        [[left, _, right, _]] = page.locator(".nbgrad svg").evaluate_all(BOXES)
        assert right - left == width
    frame = page.locator(".nbgrad").element_handle()
    page.wait_for_function("([each, width]) => each.clientWidth < width", arg=[frame, width])


@pytest.mark.parametrize("orientation", A4)
@pytest.mark.parametrize("width", [878, 360])
def test_paper_shows_all_of_it(opened, width, orientation):
    page = opened(drawing(width=width))
    wide, high = A4[orientation]
    page.set_viewport_size({"width": wide, "height": high})
    page.emulate_media(media="print")
    [box] = page.locator("svg").evaluate_all(BOXES)
    assert box[2] <= wide
    assert box[3] - box[1] <= high
    assert len(pages_of(page.pdf(format="A4", landscape=orientation == "landscape"))) == 1


def test_each_page_of_a_film_is_printed_on_paper_of_its_own(opened):
    film = drawing(length=2).film().on_screen
    assert 1 < len(film.pages) < len(film.ks)
    page = opened(film)
    assert min(page.locator("svg text").evaluate_all(TEXT_SIZES)) >= 12
    landscape = film.room[0] > film.room[1]
    assert len(pages_of(page.pdf(format="A4", landscape=landscape))) == len(film.pages)


def pages_of(pdf):
    """The objects in a PDF that are pages."""
    return re.findall(rb"/Type\s*/Page\b", pdf)


# Where something is taken away -----------------------------------------------------------------


def test_a_page_shows_and_reads_out_one_picture(opened):
    page = opened(drawing())
    expect(page.locator("svg")).to_be_visible()
    expect(page.locator("img")).to_be_hidden()
    assert page.locator("body").aria_snapshot().count("s4 = m4 + x") >= 1
    pictures = page.get_by_role("img")  # which is what Playwright takes a graphics-document for
    expect(pictures).to_have_count(1)
    assert pictures.evaluate("(each) => each.localName") == "svg"


def without_style(html):
    return re.sub("<style>.*?</style>", "", html, flags=re.DOTALL)


def as_a_sanitiser_does(html):
    """What is left of HTML where images may stay, and what belongs to them."""
    tags = {"div", "img"}
    attributes = {"*": ["class", "hidden"], "img": ["src", "alt", "width", "height"]}
    return bleach.clean(
        html, tags=tags, attributes=attributes, protocols={"data", "https"}, strip=True
    )


@pytest.mark.parametrize("strip", [without_style, as_a_sanitiser_does])
def test_the_twin_shows_where_the_style_or_the_picture_is_stripped(browser, strip):
    picture = drawing()
    page = browser.new_page()
    page.set_content(strip(picture.html))
    check_twin(page.locator("body"), picture)
    page.close()


def check_twin(place, picture):
    """The image is seen, as large as the picture, with its words; nothing else is."""
    twin = place.locator("img")
    expect(twin).to_be_visible()
    expect(twin).to_have_attribute("alt", picture.description)
    place.page.wait_for_function("(image) => image.naturalWidth > 0", arg=twin.element_handle())
    assert twin.evaluate("(image) => image.naturalWidth") == math.ceil(picture.scene.width)
    assert place.inner_text().strip() == ""


def test_a_notebook_that_nobody_trusts_shows_the_twin(lab, open_notebook):
    picture = drawing()
    bundle = picture._repr_mimebundle_()
    cell = nbformat.v4.new_code_cell("draw()", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("execute_result", bundle, execution_count=1)]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    content = json.dumps({"type": "notebook", "content": notebook}).encode()
    urlopen(Request(lab.address("api/contents/untrusted.ipynb"), content, method="PUT")).close()
    page = open_notebook("untrusted.ipynb").page
    output = page.locator(".jp-OutputArea-output")
    expect(output).to_have_count(1)
    check_twin(output, picture)
