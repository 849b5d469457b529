"""Symbols of derivatives, as pictures and formulas write them: x̄, ∂a/∂x, n₁."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"
LOWERED = str.maketrans("0123456789", SUBSCRIPTS)
RAISED = str.maketrans(SUBSCRIPTS, "0123456789")


def bar(label: str) -> str:
    """A label with a bar over its first letter, as adjoints are written: x̄."""
    return label[0] + "\u0304" + label[1:]


def subscript(number: int) -> str:
    """A number as an index below the line: ₁₂."""
    return str(number).translate(LOWERED)


def digits(index: str) -> str:
    """An index below the line as ordinary digits."""
    return index.translate(RAISED)


def partial(target: str, source: str, operand: int = 0) -> str:
    """A local derivative, ∂a/∂x; with the number of the operand where x is several of them.

    Of a = x·x, "∂a/∂x = x" is false: it is the first operand's share.

    Examples
    --------
    >>> partial("a", "x"), partial("a", "x", operand=2)
    ('∂a/∂x', '∂₂a/∂x')
    """
    return f"∂{subscript(operand) if operand else ''}{target}/∂{source}"


def operand_number(edge: Any, beside: Iterable[Any], first: int = 0) -> int:
    """The number of the operand that an edge leads to; 0 where its source is no other operand.

    `beside` are all edges into the same operation, and `first` is the position that counts as 1.
    """
    alike = sum(each.source == edge.source for each in beside)
    return edge.position - first + 1 if alike > 1 else 0
