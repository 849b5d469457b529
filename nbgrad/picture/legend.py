"""The legend below a still picture: a line that explains its signs, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from nbgrad.picture.scene import (
    Bar,
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Map,
    Scene,
    Text,
    straight,
)
from nbgrad.picture.style import StyledScene
from nbgrad.picture.template import Template
from nbgrad.picture.text_width import text_width
from nbgrad.picture.theme import SMALL

LINE, MARGIN, SPACE = 24.0, 8.0, 12.0  # a line's height; beside it; between two entries


class LegendEntry(NamedTuple):
    """A sign_of_entry, the room that it takes, and its words."""

    name: str
    room: float
    words: str

    @property
    def width(self) -> float:
        """The room for the sign_of_entry and the words."""
        return self.room + text_width(self.words, SMALL)


ENTRIES = {
    "forward": LegendEntry("forward", 30, "value"),
    "reverse": LegendEntry("reverse", 30, "gradient"),
    "local": LegendEntry("local", 14, "local derivative"),
    "factor": LegendEntry("factor", 14, "local derivative"),
    "stop": LegendEntry("stop", 16, "stop"),
    "none": LegendEntry("none", 46, "no gradient"),
    "negative": LegendEntry("negative", 22, "negative"),
}


def with_legend(template: Template, width: float) -> Template:
    """A template with a legend of what it has, or may get when its numbers change."""
    scene = template.scene
    lines = lines_of([ENTRIES[name] for name in ENTRIES if has(template, name)], width)
    elements: list[Element] = []
    right = scene.width
    for n, line in enumerate(lines):
        x, y = MARGIN, scene.height + LINE * (n + 0.5)
        for entry in line:
            elements += sign_of_entry(entry, x, y)
            x += entry.width + SPACE
        right = max(right, x - SPACE + MARGIN)
    legend = Group("legend", tuple(elements), "legend")
    root = scene.root._replace(children=(*scene.root.children, legend))
    return replace(template, scene=Scene(right, scene.height + LINE * len(lines), root))


def without_legend(styled: StyledScene) -> StyledScene:
    """A picture among others that has no need of a legend of its own."""
    scene, children = styled.scene, styled.scene.root.children
    kept = tuple(child for child in children if child.id != "legend")
    if len(kept) == len(children):
        return styled
    lines = {child.y for child in children[-1].children if isinstance(child, Text)}
    height = scene.height - LINE * len(lines)
    return replace(styled, scene=Scene(scene.width, height, scene.root._replace(children=kept)))


def lines_of(entries: list[LegendEntry], width: float) -> list[list[LegendEntry]]:
    """The entries in as many lines as they need."""
    lines: list[list[LegendEntry]] = []
    right = width
    for entry in entries:
        if right + SPACE + entry.width > width - MARGIN:
            lines.append([])
            right = MARGIN - SPACE
        lines[-1].append(entry)
        right += SPACE + entry.width
    return lines


def has(template: Template, name: str) -> bool:
    """Whether a picture has a sign_of_entry, in this state of its numbers or in another."""
    forms = {rule.form for rule in template.rules}
    match name:
        case "forward" | "reverse" | "local" | "factor":
            return name in forms
        case "stop":
            return not forms.isdisjoint(("stop", "factors"))
        case "none":
            return not forms.isdisjoint(("adjoint", "no map"))
        case _:
            return any(isinstance(each, Map) for each in template.scene.elements())


def sign_of_entry(entry: LegendEntry, x: float, y: float) -> Iterator[Element]:
    """The sign_of_entry of an entry, and its words."""
    key = f"legend.{entry.name}"
    match entry.name:
        case "forward":
            yield Curve(key, straight((x, y), (x + 24, y)), "forward", "filled")
        case "reverse":
            yield Curve(key, straight((x + 24, y), (x, y)), "reverse", "open")
        case "local":
            yield Text(key, x, y + 4.5, "∂", "text local-text")
        case "factor":
            yield Text(key, x, y + 4.5, "×", "text local-text")
        case "stop":
            yield Bar(key, x + 4, y, 14, "bar")
        case "none":
            yield Chip(key, x + 20, y, 17, "middle", "None", "chip number adjoint none", 40)
        case _:
            yield Box(key, x, y - 7, 14, 14, 0, "swatch")
            yield Curve(f"{key}.dash", straight((x + 4, y), (x + 10, y)), "dash")
    yield Text(f"{key}.words", x + entry.room, y + 4.5, entry.words, "text quiet-text")
