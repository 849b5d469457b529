"""The SVG stands in any page: well-formed, without scripts or ids, with names for everything."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traces
from matplotlib.image import imread
from page import SVG, inline_svgs
from swatches import swatches

import nbgrad as ng
from nbgrad.picture.drawing import LAYOUTS, Drawing
from nbgrad.picture.output.svg import Form, svg
from nbgrad.picture.theme import NAME, text_width

GRAPHS = [traces.textbook, traces.matrices, traces.states, traces.two_outputs, traces.large]


@pytest.mark.parametrize("graph", GRAPHS)
def test_the_same_trace_gives_the_same_bytes(graph):
    assert Drawing.of(graph()).html == Drawing.of(graph()).html


@pytest.mark.parametrize("graph", GRAPHS)
def test_it_is_well_formed_and_holds_nothing_but_drawing(graph):
    tags = {e.tag.removeprefix(SVG) for e in ET.fromstring(Drawing.of(graph()).svg()).iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "text", "tspan", "path"}


def test_two_pictures_in_one_page_cannot_collide():
    assert " id=" not in Drawing.of(traces.textbook()).html


def test_it_asks_for_nothing_from_elsewhere():
    html = re.sub(f"xmlns=['\"]{SVG[1:-1]}['\"]", "", Drawing.of(traces.textbook()).html)
    assert not re.search(r"https?:|url\(|<script|@import|foreignObject", html)


def test_the_picture_and_every_card_have_a_name():
    root = ET.fromstring(Drawing.of(traces.textbook()).svg())
    assert root.get("aria-label") == "f = b + c = 42; df/dx = 24, df/dy = 10"
    cards = [e for e in root.iter(f"{SVG}g") if e.get("data-node")]
    titles = [card.find(f"{SVG}title").text for card in cards]
    assert titles[0].startswith("x\nvalue 3.0 (float64)\ndf/dx = 24.0")
    assert len(titles) == 6  # the 2 of c = y + 2 is written there


def test_hovering_shows_every_digit():
    html = Drawing.of(traces.textbook(x=1 / 3)).svg()
    assert "0.3333333333333333" in html
    assert ">0.3333<" in html


def test_a_step_hides_what_comes_later():
    drawing = Drawing.of(traces.textbook())
    root = ET.fromstring(drawing.at(1).svg())
    away = {e.get("data-id") for e in root.iter() if e.get("data-away") is not None}
    assert "n2.value" not in away
    assert {"n3.value", "n0.adjoint", "e2.0.local"} <= away
    assert "n3.value.wait" not in away


def test_labels_are_only_text():
    root = ET.fromstring(Drawing.of(traces.square("<b>&x")).svg())
    assert any(text.text == "<b>&x" for text in root.iter(f"{SVG}text"))


def test_a_file_of_its_own_has_colours_instead_of_variables(tmp_path):
    saved = Drawing.of(traces.textbook(), theme="dark").save(tmp_path / "f.svg").read_text("utf-8")
    assert "var(" not in saved
    assert "#56B4E9" in saved
    assert not re.search("<style", saved)
    # CairoSVG draws no lines along texts, and takes "none" for the dashes of what is around.
    assert not re.search('text-decoration|dasharray="none"', saved)
    ET.fromstring(saved)


def test_long_labels_stay_in_their_card():
    with ng.Graph().as_default():
        x = ng.Variable(2.0, name="the_input_of_the_network")
        drawing = ng.draw(ng.tanh(x, name="a_very_long_name_of_a_hidden_unit"), x)
    elements = {element.id: element for element in drawing.scene.elements()}
    assert "a_very_long_name_of_a_hidden_unit" in drawing.svg()  # in full, where one hovers
    for card in ("n0", "n1"):
        name, body = elements[f"{card}.name"], elements[f"{card}.body"]
        assert name.x + text_width(name.text, NAME, bold=True) < body.x + body.width


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("graph", GRAPHS)
def test_it_is_read_in_order_with_a_title_and_a_description(layout, graph):
    drawing = Drawing.of(graph(), layout=layout)
    root = ET.fromstring(drawing.svg())
    assert root.get("role") == "graphics-document"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.find(f"{SVG}desc").text == drawing.description
    cards = [g for g in root.iter(f"{SVG}g") if g.get("data-node")]
    assert all(g.get("role") == "graphics-symbol" and g[0].tag == f"{SVG}title" for g in cards)
    order = [int(g.get("data-node")[1:]) for g in cards if ".back" not in g.get("data-id")]
    if layout == "tape":
        assert order == sorted(order)


def paints(picture):
    """What each thing with a colour looks like, by its attributes and those of its groups."""
    found = []

    def visit(element, around):
        own = around | {name: element.get(name) for name in INHERITED if element.get(name)}
        tag = element.tag.removeprefix(SVG)
        if tag in ("path", "rect", "text", "tspan"):
            found.append((tag, *(own.get(name, "") for name in INHERITED)))
        for child in element:
            visit(child, own)

    visit(ET.fromstring(picture), {})
    return found


INHERITED = ("fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight")


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_colour_and_size_is_an_attribute(graph, layout, tmp_path):
    drawing = Drawing.of(graph(), layout=layout)
    [inline] = inline_svgs(drawing.html)
    for picture in (inline, drawing.save(tmp_path / "f.svg").read_text("utf-8")):
        for tag, fill, stroke, width, _, size, _ in paints(picture):
            assert fill.startswith("#") or (fill == "none" and tag != "text")
            assert not stroke.startswith("#") or width
            assert float(size) >= 12 or tag in ("path", "rect")


@pytest.mark.parametrize("graph", GRAPHS)
def test_what_does_not_show_is_not_even_there_without_a_style_sheet(graph):
    drawing = Drawing.of(graph())
    for k in (0, drawing.styled.steps // 2, -1):
        [inline] = inline_svgs(drawing.at(k).html)
        for element in ET.fromstring(inline).iter():
            assert "off" not in element.get("class", "").split()
            if element.get("data-away") is not None:
                assert "road" in element.get("class").split()
                assert element.get("opacity") == "0.22"


@pytest.mark.parametrize(
    "scene", [swatches, lambda: Drawing.of(traces.matrices()).styled], ids=["swatches", "arrays"]
)
def test_cairo_paints_a_file_as_a_browser_does(scene, browser, tmp_path):
    cairo = cairosvg()
    file = svg(scene(), form=Form("light", alone=True))
    cairo.svg2png(file.encode(), write_to=str(tmp_path / "cairo.png"))
    page = browser.new_page(viewport={"width": 900, "height": 700})
    page.set_content(file)
    page.locator("svg").screenshot(path=tmp_path / "browser.png")
    page.close()
    ours, theirs = (blocks(imread(tmp_path / f"{name}.png")) for name in ("browser", "cairo"))
    assert ours.shape == theirs.shape
    assert (np.abs(ours - theirs).max(-1) > 0.25).mean() < 0.002


def blocks(image, side=3):
    """The colours of an image in squares: a letter may stand a part of a pixel aside."""
    rows, columns = (size // side for size in image.shape[:2])
    whole = image[: rows * side, : columns * side, :3]
    return whole.reshape(rows, side, columns, side, 3).mean((1, 3))


def cairosvg():
    """A program that paints SVG by its attributes, if there is one."""
    try:
        import cairosvg
    except (ImportError, OSError) as error:  # the latter where Cairo itself is not installed
        pytest.skip(f"CairoSVG: {error}")
    return cairosvg
