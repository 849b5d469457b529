"""The matplotlib figure says what the SVG says."""

import math
import re
import xml.etree.ElementTree as ET

import pytest
import traces
from generated import HOW_MANY, traced
from page import SVG, inline_svgs
from swatches import CLASSES, swatches

from nbgrad.picture.drawing import Drawing
from nbgrad.picture.output.matplotlib import figure


def shown_in_svg(drawing):
    """The texts in an SVG that are neither off nor away."""
    found = []

    def visit(element):
        hidden = "off" in element.get("class", "").split() or element.get("data-away") is not None
        if hidden:
            return
        if element.tag == f"{SVG}text" and element.text:
            found.append(element.text)
        for child in element:
            visit(child)

    visit(ET.fromstring(drawing.svg()))
    return sorted(found)


def shown_in_figure(drawing):
    """The texts in a figure; labels and their tails are texts of their own there."""
    tails = {getattr(element, "tail", "") for element in drawing.scene.elements()} - {""}
    texts = [text.get_text() for text in drawing.figure().axes[0].texts]
    return sorted(text for text in texts if text and text not in tails)


@pytest.mark.parametrize(
    "graph",
    [
        traces.textbook,
        lambda: traces.textbook(stop="a"),
        traces.matrices,
        traces.states,
        traces.two_outputs,
    ],
)
def test_both_show_the_same_texts(graph):
    drawing = Drawing.of(graph())
    assert shown_in_figure(drawing) == shown_in_svg(drawing)


@pytest.mark.parametrize("seed", range(0, HOW_MANY, 8))
@pytest.mark.parametrize("width", [878, 360])
def test_every_output_of_a_generated_graph_shows_the_same_texts(seed, width, tmp_path):
    whole = Drawing.of(traced(seed), width=width)
    for drawing in (whole, whole.at(whole.styled.steps // 2)):
        wanted = shown_in_svg(drawing)
        assert shown_in_figure(drawing) == wanted
        file = drawing.save(tmp_path / "f.svg").read_text("utf-8")
        for picture in (file, *inline_svgs(drawing.html)):
            texts = [text.text for text in ET.fromstring(picture).iter(f"{SVG}text")]
            assert sorted(filter(None, texts)) == wanted
        tex = re.sub(
            r"\\node\[[^]]*\] at [^{]*\{(\{\\color|\})", "", drawing.tikz()
        )  # a tail alone
        assert tex.count(r"\node[") == len(wanted)


def test_every_step_shows_the_same_texts():
    drawing = Drawing.of(traces.textbook())
    for k in range(drawing.styled.steps + 1):
        assert shown_in_figure(drawing.at(k)) == shown_in_svg(drawing.at(k))


@pytest.mark.parametrize(("form", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_images_are_the_same_to_the_byte(tmp_path, form, start, theme):
    first, second = (
        Drawing.of(traces.textbook(), theme=theme).save(tmp_path / f"{n}.{form}").read_bytes()
        for n in (1, 2)
    )
    assert first == second
    assert first.startswith(start)


def test_the_figure_is_as_large_as_the_picture():
    drawing = Drawing.of(traces.textbook())
    width, height = drawing.figure().get_size_inches()
    size = math.ceil(drawing.scene.width), math.ceil(drawing.scene.height)
    assert (width * 72, height * 72) == pytest.approx(size)


def test_a_pdf_has_real_fonts_of_which_each_letter_is_known(tmp_path):
    pdf = Drawing.of(traces.textbook()).save(tmp_path / "f.pdf").read_bytes()
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    # What a reader copies: the code of every glyph, in a table of each font.
    assert pdf.count(b"/ToUnicode") == pdf.count(b"/Type0") >= 2


def test_every_kind_of_element_is_painted_in_every_state():
    made = figure(swatches())
    roads = [patch for patch in made.axes[0].patches if patch.get_alpha() == pytest.approx(0.22)]
    assert len(roads) > len(CLASSES)
