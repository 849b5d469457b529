"""Reading a printed formula as a person would, and working it out.

This shares no code with what printed it: it is a witness, and must not take over its mistakes.
Products bind tighter than sums, powers tighter than signs, and a sign before a power stands for
the whole of it: −x² is −(x²).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(np, name)
    for name in ("sin", "cos", "tan", "exp", "log", "tanh", "sinh", "cosh", "abs", "sign")
}
INFIX: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "+": (1, np.add),
    "−": (1, np.subtract),
    "·": (2, np.multiply),
    "/": (2, np.divide),
    "^": (4, np.power),
}
SIGN, ROOT = 3, 5
RAISED = {"²": 2, "³": 3}
TOKEN = r"\d+\.?\d*(?:e[+−-]?\d+)?|[^\W\d]\w*|\S"


def value_of(formula: str, labels: Mapping[str, Any], precision: str) -> float:
    """What a formula comes to, computed from its text alone.

    Parameters
    ----------
    formula
        As `nbgrad.tracing.formulas` prints it: "2 · x · y + cos(x)²".
    labels
        The numbers that stand for its names.
    precision
        "float32" or "float64".

    Raises
    ------
    ValueError
        If it is not written in plain arithmetic, as [x > 0] is not.

    Examples
    --------
    >>> value_of("−x² / 2 · √y", {"x": 3.0, "y": 4.0}, "float64")
    -9.0
    """
    with np.errstate(all="ignore"):
        return float(Reader(formula, labels, np.dtype(precision).type).whole())


class Reader:
    """The parts of a formula, taken from left to right by how tightly they bind."""

    def __init__(self, formula: str, labels: Mapping[str, Any], number: Callable[[Any], Any]):
        longest_first = sorted(labels, key=len, reverse=True)
        names = [rf"{re.escape(name)}(?![^\W²³])" for name in longest_first]
        self.parts: Iterator[str] = iter(re.findall("|".join([*names, TOKEN]), formula))
        self.labels, self.number = labels, number
        self.formula, self.next = formula, ""
        self.take()

    def take(self) -> str:
        """The part that is next; the one after it is next from now on."""
        taken, self.next = self.next, next(self.parts, "")
        return taken

    def expect(self, part: str) -> None:
        if self.take() != part:
            raise ValueError(f"{self.formula!r} is no plain arithmetic: {part!r} is missing.")

    def whole(self) -> Any:
        value = self.tighter_than(0)
        self.expect("")
        return value

    def tighter_than(self, binding: int) -> Any:
        """The value of what follows, up to an operator that binds no tighter."""
        value = self.operand()
        while self.next in RAISED or INFIX.get(self.next, (0, None))[0] > binding:
            sign = self.take()
            if sign in RAISED:
                value = np.power(value, self.number(RAISED[sign]))
            else:
                own, function = INFIX[sign]
                # A power of a power is written without brackets on the right: x^y^z.
                value = function(value, self.tighter_than(own - (sign == "^")))
        return value

    def operand(self) -> Any:
        """A number, a name, something in brackets, a function's value, or one of these signed."""
        part = self.take()
        if part in self.labels:
            return self.number(self.labels[part])
        if part[:1].isdigit():
            return self.number(part.replace("−", "-"))
        if part == "(":
            value = self.tighter_than(0)
            self.expect(")")
            return value
        if part == "|":
            value = self.tighter_than(0)
            self.expect("|")
            return np.abs(value)
        if part == "−":
            return np.negative(self.tighter_than(SIGN))
        if part == "√":
            return np.sqrt(self.tighter_than(ROOT))
        if part in FUNCTIONS and self.next == "(":
            return FUNCTIONS[part](self.operand())
        raise ValueError(f"{self.formula!r} is no plain arithmetic: {part!r} cannot be read.")
