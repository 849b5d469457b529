"""What is drawn and printed is what the trace holds: ends, heads, widths and words of edges, and
every product and every sum."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import scenes
from listing import SVG, points
from matplotlib.image import imread
from printed import PLAIN, array, equations, holds, shapes_agree

import nbgrad as tf

UNFOLDED = [scene for scene in scenes.SCENES if scene is not scenes.fold]
every_scene = pytest.mark.parametrize("scene", scenes.SCENES, ids=lambda scene: scene.__name__)
unfolded = pytest.mark.parametrize("scene", UNFOLDED, ids=lambda scene: scene.__name__)


class Picture:
    """The elements of an SVG by their ids, and the trace that it shows."""

    def __init__(self, drawing):
        self.trace = drawing.trace
        root = ET.fromstring(drawing.svg())
        self.parts = {part.get("data-id"): part for part in root.iter() if part.get("data-id")}
        self.cards = [part for part in self.parts.values() if part.get("data-node")]

    def seen(self, key):
        """An element, if it is there and to be seen."""
        part = self.parts.get(key)
        hidden = part is None or "off" in part.get("class", "") or part.get("data-away") is not None
        return None if hidden else part

    def words(self, key):
        part = self.seen(key)
        return None if part is None else part.findtext(f"{SVG}text")

    def borders(self, node):
        """Left, top, right, bottom of the card of a node, and of the rows of its inbox."""
        keys = [
            f"{node}.body",
            *(f"{e.id}.inbox.tray" for e in self.trace.edges if e.source == node),
        ]
        for rect in (self.parts[key] for key in keys if key in self.parts):
            yield bounds(rect)


def bounds(part):
    """Left, top, right and bottom of a rectangle, or of a path that is drawn for one."""
    if part.get("width"):
        x, y, width, height = (float(part.get(side)) for side in ("x", "y", "width", "height"))
        return x, y, x + width, y + height
    xs, ys = zip(*(map(float, point) for point in points(part.get("d"))), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def ends(arrow):
    """Where an arrow begins, the tip of its head, and the way along which its head points."""
    line, head = (points(path.get("d")) for path in arrow.findall(f"{SVG}path"))
    behind, tip, _ = (tuple(map(float, point)) for point in head)
    return tuple(map(float, line[0])), tip, (tip[0] - behind[0], tip[1] - behind[1])


def touches(point, borders):
    """Whether a point is on the border of one of these."""
    x, y = point
    return any(
        (min(abs(x - left), abs(x - right)) < 2 and top - 1 < y < bottom + 1)
        or (min(abs(y - top), abs(y - bottom)) < 2 and left - 1 < x < right + 1)
        for left, top, right, bottom in borders
    )


@unfolded
@pytest.mark.parametrize("way", ["forward", "reverse"])
def test_an_arrow_leads_from_border_to_border_and_points_where_it_goes(scene, way):
    picture = Picture(scenes.drawn(scene))
    back = way == "reverse"
    drawn = [edge for edge in picture.trace.edges if picture.seen(f"{edge.id}.{way}") is not None]
    assert drawn
    for edge in drawn:
        start, tip, direction = ends(picture.seen(f"{edge.id}.{way}"))
        along = sum(d * (b - a) for d, a, b in zip(direction, start, tip, strict=True))
        assert along > 0, f"the head of {edge.id} is turned round"
        operand, result = (tip, start) if back else (start, tip)
        assert touches(operand, picture.borders(edge.source)), edge.id
        assert touches(result, picture.borders(edge.target)), edge.id


@unfolded
def test_a_caption_says_what_the_trace_holds(scene):
    picture, said = Picture(scenes.drawn(scene)), 0
    for edge in picture.trace.edges:
        part = picture.seen(f"{edge.id}.local")
        if part is None or edge.local is None or edge.local.value is None or edge.local.value.shape:
            continue
        symbol, _, number = part.text.partition(" = ")
        assert symbol in (edge.local.symbol, "∂")
        np.testing.assert_allclose(array(number.translate(PLAIN)), edge.local.value.array, 1e-3)
        said += 1
    assert said or scene is scenes.matrices


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_file_for_paper_has_the_theme_that_was_asked_for(theme, tmp_path):
    drawing = scenes.drawn(scenes.textbook, theme=theme)
    for picture in (drawing, drawing.film([3]), drawing.cell("f", ())):
        brightness = float(imread(picture.save(tmp_path / "f.png"))[0, 0, :3].mean())
        assert (brightness < 0.5) is (theme == "dark")
    page = re.search(r"nbpage}{HTML}{(\w)", drawing.save(tmp_path / "f.tex").read_text("utf-8"))
    assert (page[1] < "8") is (theme == "dark")


def long_numbers():
    """The textbook's graph, with numbers that have no room."""
    f, xs, _ = scenes.textbook()
    return f, xs, {"feed_dict": dict(zip(xs, (1 / 3, -2718.28), strict=True))}


def everything_said(scene):
    """The words of every verb about a scene; an explorer's are those of `draw`."""
    with tf.Graph().as_default():
        ys, xs, question = scene()
        yield tf.draw(ys, xs, **question).text
        yield from (tf.explain(ys, x, **question).text for x in xs)


def false_equations(texts, digits=3):
    """What is printed as equal and is not."""
    found = {pair for text in texts for pair in equations(text)}
    return sorted(" = ".join(pair) for pair in found if not holds(pair, digits))


@pytest.mark.parametrize("scene", [*scenes.SCENES, long_numbers], ids=lambda scene: scene.__name__)
def test_every_product_and_every_sum_in_words_is_the_number_printed(scene):
    said = [*everything_said(scene)]
    assert false_equations(said) == []
    assert all(map(shapes_agree, said))


SCALARS = [scenes.textbook, scenes.weighed, scenes.stopped, scenes.absent, long_numbers]


@pytest.mark.parametrize("scene", SCALARS, ids=lambda scene: scene.__name__)
def test_every_product_and_every_sum_in_a_picture_is_the_number_beside_it(scene):
    drawing, printed = scenes.drawn(scene), []
    for k in range(len(drawing.trace.steps) + 1):
        picture = Picture(drawing.at(k))
        for key in picture.parts:
            words = picture.words(key) or ""
            printed.append(words)
    paths = Picture(scenes.drawn(scene, layout="paths"))
    for key, part in paths.parts.items():
        if key.endswith(".numbers"):
            printed.append(f"{part.text} = {paths.words(key.replace('numbers', 'product'))}")
    assert false_equations(printed, digits=1.2) == []


@pytest.mark.parametrize("layout", scenes.LAYOUTS)
@every_scene
def test_a_latex_file_has_the_lines_of_the_svg_in_their_places_and_widths(scene, layout, tmp_path):
    drawing = scenes.drawn(scene, layout=layout)
    picture, tex = Picture(drawing), drawing.save(tmp_path / "f.tex").read_text("utf-8")
    seen = [part for key in picture.parts if (part := picture.seen(key)) is not None]
    seen = [part for part in seen if "cell" not in part.get("class", "")]  # its hatching is hidden
    paths = [path for part in seen for path in (part, *part.findall(f"{SVG}path"))]
    lines = [path.get("d") for path in paths if path in seen or not path.get("data-id")]
    places = {pair for line in filter(None, lines) for pair in re.findall(r"[-\d.]+,[-\d.]+", line)}
    assert places <= {*re.findall(r"[-\d.]+,[-\d.]+", tex)}
    widths = [re.findall(r"stroke-width:([\d.]+)", part.get("style", "")) for part in seen]
    for width in {each for [each] in filter(None, widths)}:
        assert tex.count(f"line width={width}bp") >= widths.count([width])
