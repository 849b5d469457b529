"""What is to be seen of a picture, as a list of marks: texts, boxes, lines, each in its place.

In Chromium `looked_at` measures any number of pictures on one page, asked for at once. `estimated`
reads the scene and estimates the widths of texts, much faster. Marks know in which steps they show,
so that one look is a look at every step.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from nbgrad.picture.drawing import Drawing
from nbgrad.picture.output import Bezier, Lines, Rectangle, Words, shapes
from nbgrad.picture.scene import NEVER, Box, Element, Group, Map, StyledScene
from nbgrad.picture.theme import text_width
from nbgrad.trace.folding import folded

MEASURE = Path(__file__).with_name("marks.js").read_text("utf-8")
BEHIND = {"halo", "glow", "page", "inner", "entry"}  # painted below everything, or around a body

Ends = Mapping[str, tuple[str, str]]
"""The source and the target of each edge."""
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Mark(NamedTuple):
    """A text, a rectangle or a line, where it is displayed and when."""

    kind: str
    key: str
    owner: str  # the card ("n3") or the edge ("e3.0") that it belongs to
    classes: str
    box: Area
    since: int = 0
    until: int = NEVER
    text: str = ""
    size: float = 0
    lines: Sequence[Sequence[float]] = ()

    @property
    def middle(self) -> tuple[float, float]:
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2

    @property
    def is_behind(self) -> bool:
        return not BEHIND.isdisjoint(self.classes.split())

    @property
    def is_road(self) -> bool:
        return self.kind == "line" and self.key.endswith((".forward", ".reverse"))

    @property
    def is_card(self) -> bool:
        """Whether it is the body of a card, or a row of its inbox."""
        parts = {"body", "tray"}.intersection(self.classes.split())
        return self.kind == "box" and bool(self.owner) and bool(parts) and not self.is_behind

    @property
    def is_frame(self) -> bool:
        """Whether it is a frame around several cards."""
        return self.kind == "box" and "ladder" in self.classes.split()

    @property
    def card(self) -> str:
        """The card it belongs to: copies are of their original."""
        return self.owner.partition("~")[0]

    def __str__(self) -> str:
        last = self.key.rpartition(".")[2] if "." in self.key else self.kind
        noun = {"local": "caption", "inbox": "inbox row", "body": "card"}.get(last, last)
        if self.text:
            return f"{noun} “{self.text}” ({self.key})"
        return f"the {'road' if self.is_road else noun} {self.key}"


@dataclass(frozen=True)
class Picture:
    """The marks of one picture in the order in which they are painted, and what is around them.

    `room` is the width that the picture has, `ends` says where its edges begin and end.
    """

    width: float
    height: float
    room: float
    marks: Sequence[Mark]
    ends: Ends

    @cached_property
    def texts(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == "text"]

    @cached_property
    def lines(self) -> list[Mark]:
        return [mark for mark in self.marks if len(mark.lines) and not mark.is_behind]

    @cached_property
    def cards(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.is_card]

    def inside(self, frame: Mark) -> set[str]:
        """The cards within a frame."""
        return {card.card for card in self.cards if is_inside(card.middle, frame.box)}

    def is_covered(self, line: Mark, text: Mark) -> bool:
        """Whether a card is painted over a line, and the text onto that card."""
        below, above = self.order[id(line)], self.order[id(text)]
        bodies = (mark for mark in self.cards if below < self.order[id(mark)] < above)
        return any(is_inside(text.middle, body.box) for body in bodies)

    @cached_property
    def order(self) -> dict[int, int]:
        return {id(mark): n for n, mark in enumerate(self.marks)}


def is_inside(point: tuple[float, float], area: Area) -> bool:
    (x, y), (left, top, right, bottom) = point, area
    return left < x < right and top < y < bottom


# Measuring --------------------------------------------------------------------------------------


class Shown(NamedTuple):
    """A picture to be put on a page: its SVG or HTML, the room for it, and its edges."""

    html: str
    room: float
    ends: Ends


def shown(drawing: Drawing, room: float) -> Shown:
    return Shown(f'<div class="nbgrad">{drawing.svg()}</div>', room, ends_of(drawing))


def ends_of(drawing: Drawing) -> dict[str, tuple[str, str]]:
    trace, _ = folded(drawing.trace, drawing.template.folds)
    return {edge.id: (edge.source, edge.target) for edge in trace.edges}


def looked_at(browser: Any, pictures: Iterable[Shown], sheet: str = "") -> list[Picture]:
    """Pictures as a browser displays them, all of them on one page and asked for at once."""
    pictures = list(pictures)
    places = "".join(
        f'<div class="checked" style="width:{each.room}px">{without_sheets(each.html)}</div>'
        for each in pictures
    )
    sheets = {found for each in pictures for found in STYLE.findall(each.html)}
    head = "".join(f"<style>{each}</style>" for each in (sheet, *sorted(sheets)))
    width = round(max((each.room for each in pictures), default=0))
    page = browser.new_page(viewport={"width": width, "height": 700})
    try:
        start = '<!doctype html><meta charset="utf-8">'
        page.set_content(f'{start}{head}<body style="margin:0">{places}')
        measured = json.loads(page.evaluate(MEASURE))
    finally:
        page.close()
    return [
        Picture(
            one["width"], one["height"], one["room"], list(map(as_mark, one["marks"])), each.ends
        )
        for one, each in zip(measured, pictures, strict=True)
    ]


STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def without_sheets(html: str) -> str:
    """A fragment without style sheets: on a page with hundreds of pictures one is enough."""
    return STYLE.sub("", html)


def as_mark(measured: dict[str, Any]) -> Mark:
    return Mark(**{**measured, "box": tuple(measured["box"])})


def estimated(drawing: Drawing, room: float) -> Picture:
    """A picture as its scene has it, without a browser."""
    scene = drawing.styled.scene
    marks = list(scene_marks(drawing.styled, scene.root, "", (0, NEVER)))
    return Picture(scene.width, scene.height, room, marks, ends_of(drawing))


def scene_marks(
    styled: StyledScene, element: Element, owner: str, window: tuple[int, int]
) -> Iterator[Mark]:
    style = styled.style_of(element)
    classes = style.classes.split()
    if "off" in classes:
        return
    if "road" not in classes:
        window = max(window[0], style.since), min(window[1], style.until)
    if isinstance(element, Group):
        owner = element.node or element.edge or owner
        for child in element.children:
            yield from scene_marks(styled, child, owner, window)
        return
    for shape in filter(is_painted, shapes(element, style)):
        if isinstance(element, Map) and isinstance(shape, Lines):
            continue  # its cells
        is_box = isinstance(shape, Rectangle) or isinstance(element, Box)
        kind = "text" if isinstance(shape, Words) else "box" if is_box else "line"
        who = kind, element.id, owner, style.classes
        yield Mark(*who, area_of(shape), *window, *words_of(shape))


def is_painted(shape: Any) -> bool:
    if isinstance(shape, Words):
        return bool(shape.text.strip())
    return not {shape.paint.fill, shape.paint.stroke} <= {None, "none"}


def area_of(shape: Any) -> Area:
    if isinstance(shape, Rectangle):
        return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    if isinstance(shape, Words):
        size = shape.paint.size or 0
        width = text_width(shape.text, size, bold=shape.paint.is_bold)
        width += text_width(shape.tail, size)
        before = width * {"start": 0, "middle": 0.5, "end": 1}[shape.anchor]
        up, down = 0.93 * size, 0.24 * size
        if getattr(shape, "turned", False):
            return shape.x - up, shape.y - width + before, shape.x + down, shape.y + before
        left = shape.x - before
        return left, shape.y - up, left + width, shape.y + down
    points = shape.points if isinstance(shape, Bezier) else itertools.chain(*shape.lines)
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def words_of(shape: Any) -> tuple[str, float, list[list[float]]]:
    """The text of a shape, its size, and its lines as cubic pieces."""
    match shape:
        case Words():
            return shape.text + shape.tail, shape.paint.size or 0, []
        case Bezier():
            points = shape.points
            pieces = [points[k : k + 4] for k in range(0, len(points) - 1, 3)]
        case Lines():
            pairs = itertools.chain.from_iterable(map(itertools.pairwise, shape.lines))
            pieces = [(a, a, b, b) for a, b in pairs]
        case _:
            left, top, right, bottom = area_of(shape)
            corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
            stroked = shape.paint.stroke not in (None, "none")
            pieces = [(a, a, b, b) for a, b in itertools.pairwise(corners)] if stroked else []
    return "", 0, [[x for point in piece for x in point] for piece in pieces]
