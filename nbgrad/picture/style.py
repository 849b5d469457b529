"""The look of a picture: colours by role, and one table of rules that every output reads.

A colour says what a thing *is* (a value, an adjoint, a local derivative, a cut), never which
operation made it, and each role has a second cue, so that a picture is still read in grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cache
from typing import Any, Literal

Theme = Literal["auto", "light", "dark"]


LIGHT = {
    "page": "#ffffff",
    "card": "#ffffff",
    "soft": "#f5f7fa",
    "ink": "#1b1f24",
    "mute": "#59626c",
    "line": "#c3c9d1",
    "value": "#0072B2",
    "adjoint": "#B34700",
    "local": "#00704F",
    "stop": "#9B3F75",
    "halo": "#F5CF3D",
    "path1": "#332288",
    "path2": "#AA3377",
    "path3": "#6B6B00",
    "path4": "#00807A",
    "path5": "#8A4B08",
    "path6": "#4A4A4A",
}


DARK = {
    "page": "#111418",
    "card": "#181d23",
    "soft": "#1f262e",
    "ink": "#e8ebef",
    "mute": "#9aa4b0",
    "line": "#46505b",
    "value": "#56B4E9",
    "adjoint": "#FF9F4A",
    "local": "#4FD1A5",
    "stop": "#E7A6CB",
    "halo": "#7A6200",
    "path1": "#A99CFF",
    "path2": "#FF8AC4",
    "path3": "#D6D65C",
    "path4": "#5FE0D0",
    "path5": "#E0A060",
    "path6": "#C8C8C8",
}


THEMES: Mapping[str, Mapping[str, str]] = {"light": LIGHT, "dark": DARK}


FONT = 'system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif'


SMALL, NAME, NUMBER, LONG_NUMBER = 11.0, 13.0, 14.5, 11.0


"""Font sizes: labels and chips, headers, numbers, and numbers of more than seven characters."""


TINT = 0.42


"""The opacity of the strongest tint behind a number."""


@dataclass(frozen=True)
class Style:
    """What a rule sets; None leaves it to another rule. Colours are names of roles."""

    fill: str | None = None
    stroke: str | None = None
    width: float | None = None
    dash: tuple[float, float] | None = None
    opacity: float | None = None
    size: float | None = None
    weight: int | None = None
    underline: bool | None = None

    @property
    def is_bold(self) -> bool:
        """Whether a font that has but two weights is set in the heavier one."""
        return (self.weight or 0) >= 600


RULES: dict[str, Style] = {
    # cards
    "halo": Style(fill="halo", stroke="none"),
    "body": Style(fill="card", stroke="line", width=1.2),
    "body.stack": Style(fill="soft"),
    "body.input": Style(stroke="value", width=1.7),
    "body.constant": Style(fill="soft"),
    "body.output": Style(stroke="ink"),
    "body.inner": Style(fill="none", width=1),
    "body.stopped": Style(stroke="stop", width=2),
    "body.unreached": Style(dash=(2, 3)),
    "rule": Style(fill="none", stroke="line", width=1),
    "lane": Style(fill="none", stroke="value", width=3),
    "lane.adjoint": Style(stroke="adjoint", dash=(4, 3)),
    "lane.unreached": Style(opacity=0.45),
    "flag": Style(fill="value", stroke="value", width=1),
    # texts
    "text": Style(fill="ink", size=SMALL, weight=400),
    "name": Style(size=NAME, weight=650),
    "name.input": Style(underline=True),
    "tail": Style(fill="mute", weight=400),
    "quiet-text": Style(fill="mute"),
    "caption": Style(size=17),
    "symbol": Style(fill="mute", size=NAME),
    "value-text": Style(fill="value"),
    "adjoint-text": Style(fill="adjoint"),
    "local-text": Style(fill="local"),
    # edges
    "forward": Style(fill="none", stroke="value", width=1.5),
    "forward.unreached": Style(opacity=0.45),
    "forward>.head": Style(fill="value", stroke="none"),
    "reverse": Style(fill="none", stroke="adjoint", width=1.5, dash=(5, 3.5)),
    "reverse>.head": Style(width=1.6, dash=(0, 0)),
    "tie": Style(fill="none", stroke="value", width=1.3, dash=(1.3, 3.5)),
    "glow": Style(fill="none", stroke="halo", width=11),
    "bar": Style(fill="none", stroke="stop", width=2.6),
    "bar>.hatch": Style(width=1),
    # one ribbon for each path, told apart by colour, dashes and number
    "ribbon": Style(fill="none", width=3.6),
    "ribbon.path1": Style(stroke="path1"),
    "ribbon.path2": Style(stroke="path2", dash=(11, 4)),
    "ribbon.path3": Style(stroke="path3", dash=(3, 2.5)),
    "ribbon.path4": Style(stroke="path4", dash=(18, 4)),
    "ribbon.path5": Style(stroke="path5", dash=(6, 2)),
    "ribbon.path6": Style(stroke="path6", dash=(1.5, 4)),
    "ribbon.cut": Style(width=1.2, opacity=0.5),
    # chips: a pill and its text
    "chip>rect": Style(fill="page", stroke="line", width=1),
    "chip>text": Style(size=SMALL),
    "local>rect": Style(stroke="local"),
    "local>text": Style(fill="local"),
    "contribution>rect": Style(stroke="adjoint", dash=(3, 2)),
    "contribution>text": Style(fill="adjoint"),
    "cut>rect": Style(stroke="stop", dash=(2, 2)),
    "cut>text": Style(fill="stop"),
    **{f"badge{n}>rect": Style(fill="page", stroke=f"path{n}", width=1.5) for n in range(1, 7)},
    **{f"badge{n}>text": Style(fill=f"path{n}", weight=650) for n in range(1, 7)},
    "count>rect": Style(fill="soft", stroke="value"),
    "count>text": Style(fill="value"),
    "stub>rect": Style(fill="soft", stroke="value"),
    "stub>text": Style(fill="value"),
    "number>rect": Style(fill="none", stroke="none"),
    "number>text": Style(size=NUMBER, weight=650),
    "value>text": Style(fill="value"),
    "adjoint>text": Style(fill="adjoint"),
    "number.long>text": Style(size=LONG_NUMBER),
    "number.words>text": Style(size=SMALL, weight=400),
    "number.wait>text": Style(fill="mute"),
    "number.none>rect": Style(stroke="mute", dash=(3, 2), width=1),
    "number.none>text": Style(fill="mute", size=SMALL, weight=400),
    "number.badge>rect": Style(fill="adjoint"),
    "number.value.badge>rect": Style(fill="value"),
    "number.badge>text": Style(fill="page", size=SMALL),
    "inbox>rect": Style(fill="card", stroke="adjoint", dash=(3, 2)),
    "inbox>text": Style(fill="adjoint"),
    "seed>rect": Style(fill="card", stroke="adjoint", width=2),
    "seed>text": Style(fill="adjoint", weight=650),
    # cells of matrices
    "cell>rect": Style(fill="value", stroke="none"),
    "cell.adjoint>rect": Style(fill="adjoint"),
    "cell.not-finite>rect": Style(fill="ink"),
    "cell>path": Style(fill="none", stroke="ink", width=0.7, opacity=0.3),
    "cell>text": Style(fill="ink", size=SMALL),
    "cell.ghost>rect": Style(fill="none", stroke="line", dash=(2, 2), width=1),
    "cell.ghost>text": Style(fill="mute"),
    "frame": Style(fill="none", stroke="line", width=1),
    "frame.single": Style(dash=(3, 2)),  # float32: half of the digits of the solid float64
    "lens": Style(fill="none", stroke="ink", width=2),
}


def style(classes: str, part: str = "") -> Style:
    """What the rules say about an element with these classes, or about a part of it.

    Examples
    --------
    >>> style("body output").stroke, style("chip local", part="text").fill
    ('ink', 'local')
    """
    return resolved(frozenset(classes.split()), part)


@cache
def resolved(classes: frozenset[str], part: str) -> Style:
    """Later rules win over earlier ones, and rules for more classes over rules for fewer."""
    matching = [
        (len(needed), rule)
        for needed, of_part, rule in parsed_rules()
        if of_part == part and needed <= classes
    ]
    result = Style()
    for _, rule in sorted(matching, key=lambda each: each[0]):
        result = replace(result, **given(rule))
    return result


@cache
def parsed_rules() -> list[tuple[frozenset[str], str, Style]]:
    """The rules with their selectors taken apart."""
    selectors = [(selector.partition(">"), rule) for selector, rule in RULES.items()]
    return [(frozenset(names.split(".")), part, rule) for (names, _, part), rule in selectors]


def given(rule: Style) -> dict[str, Any]:
    """Only what a rule sets."""
    values = ((each.name, getattr(rule, each.name)) for each in fields(rule))
    return {name: value for name, value in values if value is not None}


SHOWN = 100


"""So many characters of a headline stand in the one line that `repr` is."""


def chosen(what: str, name: object, known: Iterable[str]) -> None:
    """Refuse a name that is none of those there are.

    Raises
    ------
    ValueError
        Naming them, and the one that was probably meant.

    Examples
    --------
    >>> chosen("theme", "drak", ["auto", "light", "dark"])
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


def chosen_theme(theme: object) -> None:
    """Refuse a theme that there is not."""
    chosen("theme", theme, ("auto", "light", "dark"))


def in_a_line(kind: str, words: str) -> str:
    """`<Drawing of f = b + c = 42>`: what a picture is in a list of pictures.

    Examples
    --------
    >>> in_a_line("Drawing", "f = b + c = 42")
    '<Drawing of f = b + c = 42>'
    """
    words = " ".join(words.split())
    words = words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
    return f"<{kind} of {words}>"
