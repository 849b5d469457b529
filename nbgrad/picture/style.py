"""Styles: how the elements of a scene look in one state of their graph.

A **style** is what depends on numbers. One short record for an id:

=======  ==============================================================================
text     the words in a text or chip; of a map, the one number that it holds everywhere
class    all of its classes, separated by spaces; `off` means: not in use, never visible; `road`:
         never hidden, but faint before `since` and from `until` on
since    the number of steps after which it shows
until    the number of steps after which it no longer does
width    of a curve: the stroke; of a chip: the pill, which keeps its middle, or its right end
         where the chip's anchor is "end"
tint     of a box without a border: the opacity of its colour
cells    of a map, row by row: its colour's opacity in per cent, below zero where the number is;
         INFINITE or -INFINITE where the number is infinite, None where it is not a number
title    what hovering and a screen reader say
=======  ==============================================================================

A live picture after `k` steps shows what is not `off` and has `since <= k < until`, and roads.
Two states of one graph share a scene, and differ in some of their styles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from nbgrad.picture.facts import NEVER
from nbgrad.picture.scene import Chip, Element, Scene
from nbgrad.picture.theme import FAINT

INFINITE = 1000  # the cell of a number that is infinite
Cells: TypeAlias = tuple[int | None, ...]


class Style(NamedTuple):
    """The look of an element in one state of the graph; see the table above."""

    text: str = ""
    classes: str = ""
    since: int = 0
    until: int = NEVER
    width: float = 0
    tint: float = 0
    title: str = ""
    cells: Cells = ()

    def strength(self, k: int) -> float:
        """The opacity after `k` steps: 1, FAINT of a road that no step has gone through, or 0."""
        classes = self.classes.split()
        if "off" in classes:
            return 0
        return 1 if self.since <= k < self.until else FAINT if "road" in classes else 0

    def shows(self, k: int) -> bool:
        """Whether the element is to be seen after `k` steps, be it faint."""
        return self.strength(k) > 0


class Rule(NamedTuple):
    """A style as data: which number, in which form, stands under which id.

    Attributes
    ----------
    id
        Of the element.
    form
        The name of a function in `forms.FORMS`, which makes the style.
    of
        The id of the node or the edge whose numbers it reads.
    options
        What else the form needs to know, such as the room for a text in pixels: plain values, so
        that a page can read them too.
    """

    id: str
    form: str
    of: str
    options: Mapping[str, Any] = {}


Styles: TypeAlias = dict[str, Style]
OFF = Style(classes="off")
# Style's, in a page
PATCH_NAMES = ("text", "class", "since", "until", "width", "tint", "title", "cells")


@dataclass(frozen=True)
class StyledScene:
    """A scene, and its styles in one state of its graph.

    Attributes
    ----------
    styles
        By id; an element without a style looks as the scene has it.
    steps
        The number of steps in which the picture builds up.
    title
        What it shows, in a line.
    """

    scene: Scene
    styles: Mapping[str, Style]
    steps: int
    title: str = ""

    def style_of(self, element: Element) -> Style:
        """The style of an element of the scene."""
        found = self.styles.get(element.id)
        if found is not None:
            return found
        width = element.width if isinstance(element, Chip) else 0
        return Style(getattr(element, "text", ""), element.classes, width=width)
