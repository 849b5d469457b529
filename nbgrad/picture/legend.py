"""The legend below a still picture: a line that explains the signs that it has, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from nbgrad.picture.scene import (
    NEVER,
    Bar,
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Scene,
    StyledScene,
    Text,
    straight,
)
from nbgrad.picture.theme import SMALL, text_width
from nbgrad.picture.words import WORDINGS
from nbgrad.trace.model import Cause

BAR = "\u0304"  # over a letter
LINE, MARGIN, SPACE = 24.0, 8.0, 12.0  # a line's height; beside it; between two entries


class LegendEntry(NamedTuple):
    """A sign, the room that it takes, and its words."""

    name: str
    room: float
    words: str
    letter: str = ""  # a sign that is a text, and its classes
    classes: str = "text"

    @property
    def width(self) -> float:
        """The room for the sign and the words."""
        return self.room + text_width(self.words, SMALL)


CAUSES: tuple[Cause, ...] = ("no path", "stopped", "integer", "not differentiable")
ENTRIES = (
    LegendEntry("forward", 30, "value"),
    LegendEntry("reverse", 30, "gradient"),
    LegendEntry("bar", 14, "gradient at x", "x", "text total overlined"),
    LegendEntry("local", 14, "local derivative", "∂", "text local-text"),
    LegendEntry("factor", 14, "local derivative", "×", "text local-text"),
    LegendEntry("tray", 34, "a reader's share"),
    LegendEntry("seed", 24, "reverse pass starts"),
    LegendEntry("stop", 16, "stop"),
    LegendEntry("none", 46, "no gradient"),
    LegendEntry("unreached", 26, "not reached"),
    LegendEntry("never", 12, "not computed", "·"),
    LegendEntry("negative", 22, "negative"),
    LegendEntry("strength", 0, "stronger color = larger"),
    # Signs beside None
    LegendEntry("no path", 16, "no path", WORDINGS["no path"].sign),
    LegendEntry("stopped", 12, "stopped", WORDINGS["stopped"].sign),
    LegendEntry("integer", 14, "integer", WORDINGS["integer"].sign),
    LegendEntry("not differentiable", 14, "no slope", WORDINGS["not differentiable"].sign),
)


def with_legend(styled: StyledScene, width: float) -> StyledScene:
    """A picture, and below it a legend of the signs that it has."""
    scene, there = styled.scene, signs_in(styled)
    elements: list[Element] = []
    right, x, y = scene.width, width, scene.height - LINE / 2
    for entry in (entry for entry in ENTRIES if entry.name in there):
        if x + SPACE + entry.width > width - MARGIN:
            x, y = MARGIN - SPACE, y + LINE
        elements += sign_of_entry(entry, x + SPACE, y)
        x += SPACE + entry.width
        right = max(right, x + MARGIN)
    legend = Group("legend", tuple(elements), "legend")
    root = scene.root._replace(children=(*scene.root.children, legend))
    return replace(styled, scene=Scene(right, y + LINE / 2, root))


def signs_in(styled: StyledScene) -> set[str]:
    """The names of the entries whose signs a picture has."""
    styles = {key: each for key, each in styled.styles.items() if "off" not in each.classes.split()}
    classes = {word for each in styles.values() for word in each.classes.split()}
    texts = {each.text for each in styles.values() if each.text}
    captions = {each.text for each in styles.values() if "local-text" in each.classes}
    tints = [[n for n in each.cells if n is not None and abs(n) <= 100] for each in styles.values()]
    found = {
        "forward": "forward" in classes,
        "reverse": "reverse" in classes,
        "bar": "overlined" in classes or any(BAR in text for text in texts),
        "local": any("∂" in text and not text.startswith("×") for text in captions),
        "factor": any(text.startswith("×") for text in captions),
        "tray": any(key.endswith(".tray") for key in styled.scene.ids),
        "seed": "seed" in classes,
        "stop": "bar" in classes,
        "none": "none" in classes,
        "unreached": "unreached" in classes,
        "never": any(each.text == "·" and each.until == NEVER for each in styles.values()),
        "negative": any(n < 0 for each in tints for n in each),
        "strength": any(len(set(map(abs, each))) > 1 for each in tints),
    }
    nones = {text.removeprefix("None ") for text in texts}
    found |= {cause: WORDINGS[cause].sign in nones for cause in CAUSES}
    return {name for name, is_there in found.items() if is_there}


def sign_of_entry(entry: LegendEntry, x: float, y: float) -> Iterator[Element]:
    """The sign of an entry, and its words."""
    key = f"legend.{entry.name.replace(' ', '-')}"
    if entry.letter:
        yield Text(key, x, y + 4.5, entry.letter, entry.classes)
    match entry.name:
        case "forward":
            yield Curve(key, straight((x, y), (x + 24, y)), "forward", "filled")
        case "reverse":
            yield Curve(key, straight((x + 24, y), (x, y)), "reverse", "open")
        case "tray":
            yield Box(f"{key}.box", x, y - 8, 28, 16, 3, "tray")
            yield Text(key, x + 21, y + 4.5, "+9", "text inbox adjoint-text", "end")
        case "seed":
            yield Chip(key, x + 9, y, 18, "middle", "1", "chip seed", 18)
        case "stop":
            yield Bar(key, x + 4, y, 14, "bar")
        case "none":
            yield Chip(key, x + 20, y, 17, "middle", "None", "chip number adjoint none", 40)
        case "unreached":
            yield Box(key, x, y - 7, 20, 14, 4, "body input unreached")
        case "negative":
            yield Box(key, x, y - 7, 14, 14, 0, "swatch")
            yield Curve(f"{key}.dash", straight((x + 4, y), (x + 10, y)), "dash")
    yield Text(f"{key}.words", x + entry.room, y + 4.5, entry.words, "text quiet-text")
