"""A scene, the elements of a picture in their places, and the styles of its elements.

A scene depends on a graph's structure alone. Everything that any state of this graph may ever need
is there from the beginning: the double bars of a stop, the arrows of the reverse pass, the rows of
a partly filled sum. What depends on numbers is the elements' style: two states of one graph share a
scene, and differ in some of their styles.

Ids follow the trace: `n3` is the card of node n3, `n3.value` the number in its upper lane,
`e3.0.local` the caption of its first operand, and `e3.0.inbox` what that edge brings back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from nbgrad.picture.theme import FAINT

Anchor = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]


class Box(NamedTuple):
    """A rectangle with round corners; `left` is the radius of the left ones where it differs."""

    id: str
    x: float
    y: float
    width: float
    height: float
    radius: float = 0
    classes: str = ""
    left: float = 0


class Text(NamedTuple):
    """A line of text on the base line y; `tail` continues it in a quieter tone."""

    id: str
    x: float
    y: float
    text: str = ""
    classes: str = ""
    anchor: Anchor = "start"
    tail: str = ""


class Curve(NamedTuple):
    """A Bézier curve: one start, then three points for each cubic piece. Straight at its ends.

    `head` is the arrow at its end, along its last direction: filled for a value, open for a
    gradient.
    """

    id: str
    points: tuple[Point, ...]
    classes: str = ""
    head: Literal["", "filled", "open"] = ""


class Bar(NamedTuple):
    """The double bar, with hatching, of a place where no gradient passes. Centred on (x, y)."""

    id: str
    x: float
    y: float
    height: float
    classes: str = ""


class Chip(NamedTuple):
    """A short text on a pill that fits around it, anchored at (x, y), the middle of its height."""

    id: str
    x: float
    y: float
    height: float
    anchor: Anchor = "middle"
    text: str = ""
    classes: str = ""
    width: float = 0


class Map(NamedTuple):
    """A matrix as a grid of tinted cells in a frame; its style has the cells."""

    id: str
    x: float
    y: float
    rows: int
    columns: int
    cell_width: float
    cell_height: float
    classes: str = ""

    @property
    def width(self) -> float:
        return self.columns * self.cell_width

    @property
    def height(self) -> float:
        return self.rows * self.cell_height


class Group(NamedTuple):
    """Elements that belong together: a card, or what lies along one edge."""

    id: str
    children: tuple[Any, ...]
    classes: str = ""
    node: str = ""
    edge: str = ""


Element: TypeAlias = Box | Text | Curve | Bar | Chip | Map | Group


@dataclass(frozen=True)
class Scene:
    """The elements of every picture of one graph, in one layout."""

    width: float
    height: float
    root: Group

    def elements(self) -> Iterator[Element]:
        return inside(self.root)

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(element.id for element in self.elements())


def inside(element: Element) -> Iterator[Element]:
    waiting: list[Element] = [element]
    while waiting:
        element = waiting.pop()
        yield element
        if isinstance(element, Group):
            waiting.extend(reversed(element.children))


def straight(a: Point, b: Point) -> tuple[Point, ...]:
    return (a, a, b, b)


NEVER = 10**9  # the number of a step that never comes
INFINITE = 1000  # the cell of a number that is infinite
Cells: TypeAlias = tuple[int | None, ...]


class Style(NamedTuple):
    """The look of an element in one state of the graph.

    A live picture after `k` steps shows what is not `off` and has `since <= k < until`, and roads.
    """

    text: str = ""  # in a text or chip; of a map, the one number that it holds everywhere
    # All of them, with spaces between; `off`: not in use; `road`: faint rather than hidden.
    classes: str = ""
    since: int = 0  # the number of steps after which it shows
    until: int = NEVER  # and after which it no longer does
    # Of a curve: the stroke; of a chip: the pill, which keeps its middle, or its right end where
    # the chip's anchor is "end".
    width: float = 0
    tint: float = 0  # of a box without a border: the opacity of its colour
    title: str = ""  # what hovering and a screen reader say
    # Of a map, row by row: the opacity of its colour in per cent, below zero where the number is;
    # INFINITE or -INFINITE where it is infinite, None where it is not a number.
    cells: Cells = ()

    def strength(self, k: int) -> float:
        """The opacity after `k` steps: 1, FAINT of a road that no step has gone through, or 0."""
        classes = self.classes.split()
        if "off" in classes:
            return 0
        return 1 if self.since <= k < self.until else FAINT if "road" in classes else 0


class Rule(NamedTuple):
    """A style as data: which number, in which form, stands under which id."""

    id: str  # of the element
    form: str  # the name of a function in `forms.FORMS`, which makes the style
    of: str  # the id of the node or the edge whose numbers it reads
    options: Mapping[str, Any] = {}  # plain values, such as the room in pixels: a page reads them


Shown = TypeVar("Shown", bound=Element)


class Rules(list[Rule]):
    """The rules of a picture, which are said where its elements are made."""

    def shown(self, element: Shown, form: str, of: str, **options: Any) -> Shown:
        """An element, with its rule said."""
        self.append(Rule(element.id, form, of, options))
        return element


Styles: TypeAlias = dict[str, Style]
OFF = Style(classes="off")
PATCH_NAMES = ("text", "class", "since", "until", "width", "tint", "title", "cells")  # in a page


@dataclass(frozen=True)
class StyledScene:
    """A scene, and its styles in one state of its graph."""

    scene: Scene
    styles: Mapping[str, Style]  # by id; an element without one looks as the scene has it
    steps: int  # in which the picture builds up
    title: str = ""  # what it shows, in a line

    def style_of(self, element: Element) -> Style:
        found = self.styles.get(element.id)
        if found is not None:
            return found
        width = element.width if isinstance(element, Chip) else 0
        return Style(getattr(element, "text", ""), element.classes, width=width)
