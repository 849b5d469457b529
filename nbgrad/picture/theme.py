"""The theme of a picture: colours by role, and one style sheet that every output reads.

A colour says what a thing *is* (a value, an adjoint, a local derivative, a cut), never which
operation made it, and each role has a second cue, so that a picture is still read in grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

Theme = Literal["auto", "light", "dark"]

# Each role in the light and in the dark theme.
COLOURS = {
    "page": ("#ffffff", "#111418"),
    "card": ("#ffffff", "#181d23"),
    "soft": ("#f5f7fa", "#1f262e"),
    "ink": ("#1b1f24", "#e8ebef"),
    "mute": ("#59626c", "#9aa4b0"),
    "line": ("#c3c9d1", "#46505b"),
    "value": ("#0072B2", "#56B4E9"),
    "adjoint": ("#B34700", "#FF9F4A"),
    "local": ("#00704F", "#4FD1A5"),
    "stop": ("#9B3F75", "#E7A6CB"),
    "halo": ("#F5CF3D", "#7A6200"),
    "path1": ("#332288", "#A99CFF"),
    "path2": ("#AA3377", "#FF8AC4"),
    "path3": ("#6B6B00", "#D6D65C"),
    "path4": ("#00807A", "#5FE0D0"),
    "path5": ("#8A4B08", "#E0A060"),
    "path6": ("#4A4A4A", "#C8C8C8"),
}
THEMES: Mapping[str, Mapping[str, str]] = {
    theme: {role: pair[n] for role, pair in COLOURS.items()}
    for n, theme in enumerate(("light", "dark"))
}
FONT = 'system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif'

# Font sizes: labels and captions, names, and numbers. Nothing is smaller.
SMALL, NAME, NUMBER = 12.0, 13.0, 15.0
FAINT = 0.22  # the opacity of a road that no step has gone through


# The lines along a text: what CSS calls them, and their heights above the base line.
LINES = {
    "underline": ("underline", -0.2),
    "overline": ("overline", 0.86),
    "strike": ("line-through", 0.27),
}


@dataclass(frozen=True)
class Paint:
    """The properties that a selector sets; None leaves one to another selector."""

    fill: str | None = None
    stroke: str | None = None
    width: float | None = None
    dash: tuple[float, float] | None = None
    opacity: float | None = None
    size: float | None = None
    weight: int | None = None
    underline: bool | None = None
    overline: bool | None = None
    strike: bool | None = None

    @property
    def is_filled(self) -> bool:
        """Whether there is colour inside of the outline."""
        return self.fill not in (None, "none")

    @property
    def is_drawn(self) -> bool:
        """Whether there is an outline."""
        return self.stroke not in (None, "none")

    @property
    def decoration(self) -> str:
        """The lines along a text, as CSS names them."""
        return " ".join(LINES[name][0] for name in LINES if getattr(self, name))

    @property
    def line_heights(self) -> list[float]:
        """The heights above the base line of the lines along a text, in font sizes."""
        return [LINES[name][1] for name in LINES if getattr(self, name)]

    @property
    def is_bold(self) -> bool:
        """Whether a font that has but two weights is set in the heavier one."""
        return (self.weight or 0) >= 600


STYLE_SHEET: dict[str, Paint] = {
    # cards
    "halo": Paint(fill="none", stroke="halo", width=5),
    "body": Paint(fill="card", stroke="line", width=1.2),
    "body.block": Paint(stroke="mute", width=1.2),
    "body.input": Paint(stroke="value", width=1.8),
    "body.constant": Paint(fill="soft"),
    "body.output": Paint(stroke="ink"),
    "body.inner": Paint(fill="none", width=1),
    "body.stopped": Paint(stroke="stop", width=2),
    "body.unreached": Paint(dash=(2, 3)),
    "rule": Paint(fill="none", stroke="line", width=1),
    "lane": Paint(fill="none", stroke="value", width=3),
    "lane.adjoint": Paint(stroke="adjoint", dash=(4, 3)),
    "tray": Paint(fill="card", stroke="adjoint", dash=(3, 2), width=1),
    "ladder": Paint(fill="soft", stroke="line", width=1),
    "region": Paint(fill="soft", stroke="line", width=1),
    "tint": Paint(fill="adjoint", stroke="none"),
    "tint.value": Paint(fill="value"),
    # texts
    "text": Paint(fill="ink", size=SMALL, weight=400),
    "name": Paint(size=NAME, weight=650),
    "name.input": Paint(underline=True),
    "tail": Paint(fill="mute", weight=400),
    "quiet-text": Paint(fill="mute"),
    "value-text": Paint(fill="value"),
    "adjoint-text": Paint(fill="adjoint"),
    "local-text": Paint(fill="local"),
    "cut-text": Paint(fill="stop"),
    "total": Paint(fill="adjoint", size=NAME),
    "overlined": Paint(overline=True),
    "block-name": Paint(weight=400),
    "block-name.input": Paint(underline=True),
    "block-name.group": Paint(weight=650),
    "block-number": Paint(weight=650),
    # edges
    "forward": Paint(fill="none", stroke="value", width=1.6),
    "forward>.head": Paint(fill="value", stroke="none"),
    "reverse": Paint(fill="none", stroke="adjoint", width=1.6, dash=(5, 3.4)),
    "reverse>.head": Paint(width=1.6, dash=(0, 0)),
    "flow": Paint(fill="none", stroke="adjoint", width=1, dash=(5, 3), opacity=0.85),
    "flow.weak": Paint(opacity=0.55),
    "no-flow": Paint(fill="none", stroke="mute", width=0.8, opacity=0.6),
    "glow": Paint(fill="none", stroke="halo", width=15, opacity=0.75),
    "bar": Paint(fill="none", stroke="stop", width=2.6),
    "bar>.hatch": Paint(width=1),
    # one ribbon for each path, told apart by colour, dashes and number
    "ribbon": Paint(fill="none", width=3.6),
    "ribbon>.head": Paint(width=2.4, dash=(0, 0)),
    "ribbon.path1": Paint(stroke="path1"),
    "ribbon.path2": Paint(stroke="path2", dash=(11, 4)),
    "ribbon.path3": Paint(stroke="path3", dash=(3, 2.5)),
    "ribbon.path4": Paint(stroke="path4", dash=(18, 4)),
    "ribbon.path5": Paint(stroke="path5", dash=(6, 2)),
    "ribbon.path6": Paint(stroke="path6", dash=(1.5, 4)),
    "ribbon.cut": Paint(width=1.2, opacity=0.5),
    # chips: a pill and its text
    "chip>rect": Paint(fill="page", stroke="line", width=1),
    "chip>text": Paint(size=SMALL),
    **{f"badge{n}>rect": Paint(fill="page", stroke=f"path{n}", width=1.5) for n in range(1, 7)},
    **{f"badge{n}>text": Paint(fill=f"path{n}", weight=650) for n in range(1, 7)},
    "number>rect": Paint(fill="none", stroke="none"),
    "number>text": Paint(size=NUMBER, weight=650),
    "value>text": Paint(fill="value"),
    "adjoint>text": Paint(fill="adjoint"),
    "number.words>text": Paint(size=SMALL, weight=400),
    "number.wait>text": Paint(fill="mute"),
    "number.none>rect": Paint(stroke="mute", dash=(3, 2), width=1),
    "number.none>text": Paint(fill="mute", size=SMALL, weight=400),
    "number.asked>rect": Paint(fill="card", stroke="adjoint", dash=(3, 2), width=1.2),
    "number.badge>rect": Paint(fill="adjoint"),
    "number.value.badge>rect": Paint(fill="value"),
    "number.badge>text": Paint(fill="page", size=SMALL),
    "seed>rect": Paint(fill="card", stroke="adjoint", width=2),
    "seed>text": Paint(fill="adjoint", weight=650),
    # maps: the cells of a matrix as one element, and numbers on some
    "gap": Paint(fill="none", stroke="card", width=1.6),  # between the matrices of a stack
    "cell-number>rect": Paint(fill="none", stroke="none"),
    "cell-number>text": Paint(fill="ink"),
    "map>rect": Paint(fill="none", stroke="line", width=1),
    "map>text": Paint(fill="ink", size=SMALL, weight=400),  # on a tint
    "map>.cells": Paint(fill="value", stroke="none"),
    "map.adjoint>.cells": Paint(fill="adjoint"),
    "map>.cells>.solid": Paint(fill="ink"),
    "map>.cells>.dash": Paint(fill="none", stroke="ink", width=1.3),
    "map>.cells>.light": Paint(fill="none", stroke="card", width=1.3),
    "frame": Paint(fill="none", stroke="line", width=1),
    "lens": Paint(fill="none", stroke="ink", width=2.4),  # around cells
    "lens.local": Paint(stroke="local"),
    "lens.adjoint": Paint(stroke="adjoint"),
    "lens.value": Paint(stroke="value"),
    "panel": Paint(fill="soft", stroke="none"),
    # in legends
    "swatch": Paint(fill="value", stroke="line", width=1, opacity=0.5),
    "dash": Paint(fill="none", stroke="ink", width=1.3),
    "sum": Paint(size=NUMBER, weight=650),
}


def paint_of(classes: str, part: str = "") -> Paint:
    """The paint of an element with these classes, or of a part of it.

    Examples
    --------
    >>> paint_of("body output").stroke, paint_of("chip seed", part="text").fill
    ('ink', 'adjoint')
    """
    return cascade(frozenset(classes.split()), part)


@cache
def cascade(classes: frozenset[str], part: str) -> Paint:
    """The paint of several selectors: later ones win, and those of more classes."""
    matching = [
        (len(needed), paint)
        for needed, of_part, paint in parsed_style_sheet()
        if of_part == part and needed <= classes
    ]
    result: dict[str, Any] = {}
    for _, paint in sorted(matching, key=lambda each: each[0]):
        result |= {name: value for name, value in vars(paint).items() if value is not None}
    return Paint(**result)


@cache
def parsed_style_sheet() -> list[tuple[frozenset[str], str, Paint]]:
    """The style sheet with its selectors taken apart."""
    selectors = [(selector.partition(">"), paint) for selector, paint in STYLE_SHEET.items()]
    return [(frozenset(names.split(".")), part, paint) for (names, _, part), paint in selectors]


def check_choice(what: str, name: object, known: Iterable[str]) -> None:
    """Refuse a name that is not among the choices.

    Raises
    ------
    ValueError
        Naming them, and the one that was probably meant.

    Examples
    --------
    >>> check_choice("theme", "drak", ["auto", "light", "dark"])
    Traceback (most recent call last):
        ...
    ValueError: There is no theme 'drak'. Did you mean 'dark'?
    Possible values: 'auto', 'light', 'dark'
    """
    names = list(known)
    if isinstance(name, str) and name in names:
        return
    close = get_close_matches(str(name), names, 1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    values = ", ".join(map(repr, names))
    raise ValueError(f"There is no {what} {name!r}.{guess}\nPossible values: {values}")


def check_theme(theme: object) -> None:
    """Refuse an unknown theme."""
    check_choice("theme", theme, ("auto", "light", "dark"))


def one_line_repr(kind: str, words: str) -> str:
    """The repr of a result, at most 100 characters: `<Drawing of f = b + c = 42>`.

    Examples
    --------
    >>> one_line_repr("Drawing", "f = b + c = 42")
    '<Drawing of f = b + c = 42>'
    """
    words = " ".join(words.split())
    words = words if len(words) <= 100 else f"{words[:99]}…"
    return f"<{kind} of {words}>"
