"""How an operation is written, in text and in LaTeX."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Template = str | Callable[[Mapping[str, Any]], str]


class Binds(enum.IntEnum):
    """How tightly a notation binds, which decides where a formula needs parentheses."""

    SUM = 1
    PRODUCT = 2
    SIGN = 3
    POWER = 4
    ATOM = 5


class Notation(NamedTuple):
    """How an operation is written.

    `text` and `latex` are templates over the names of the operands: "{x} · {y}". Where the
    writing depends on an attribute, they are functions of the attributes that return one.
    `neutral` names the operand that may be left out, and the number it must be for that:
    {"x": 1, "y": 1} for a product, as nobody writes 1 · y.
    """

    symbol: str
    text: Template
    latex: Template
    binds: Binds = Binds.ATOM
    neutral: Mapping[str, float] = {}
