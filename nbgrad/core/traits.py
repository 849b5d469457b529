"""Traits of an operation beside its mathematics: its dtypes, its effects, and how it is written."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from nbgrad.core import dtypes
from nbgrad.core.dtypes import DType

#: Letters of a signature. Operands of one letter share one dtype; "A" alone asks for nothing.
KINDS: dict[str, Callable[[DType], bool]] = {
    "A": lambda dtype: True,
    "T": lambda dtype: True,
    "N": lambda dtype: not (dtype.is_bool or dtype is dtypes.string),
    "F": lambda dtype: dtype.is_inexact,
    "R": lambda dtype: dtype.is_floating or dtype.is_integer,
    "I": lambda dtype: dtype.is_integer,
}


class Signature(NamedTuple):
    """The dtypes of an operation: of its operands, of its results, and whether those are many."""

    operands: tuple[str, ...]
    results: tuple[str, ...]
    many: bool

    def kinds(self, count: int) -> tuple[str, ...]:
        """The kind of each of `count` operands; a variadic operation repeats its last one."""
        kinds = self.operands[:count]
        return kinds + kinds[-1:] * (count - len(kinds))


@functools.cache  # a dozen serve hundreds of operations
def parse_signature(signature: str) -> Signature:
    """The kinds on each side of the arrow: of "T,T->bool", ("T", "T") and ("bool",)."""
    left, _, right = signature.partition("->")
    operands, results = (
        tuple(kind.strip() for kind in side.split(",") if kind.strip())
        for side in (left, right.rstrip("*"))
    )
    return Signature(operands, results, right.endswith("*") or len(results) > 1)


class Effect(enum.Enum):
    """The needs and effects of a kernel besides computing results from operands."""

    NONE = "nothing: a function"
    CONSTANT = "its value is fixed when the operation is made"
    RANDOM = "draws anew in every run, from the session's generator (keyword `generator`)"
    HOLDS = "is a variable: its value is kept in the session"
    PEEKS = "looks at a variable, which may have no value yet"
    SETS = "gives a variable a value, whether it had one or not"
    CHANGES = "makes the new values of variables from their old ones"
    CALLS_PYTHON = "reaches whatever the learner's own Python does, so it is called in every run"
    ENTERS_BRANCH = "hands a value into one branch of `cond`, if that is the one taken"
    LEAVES_BRANCH = "takes the value of the branch that was taken"

    @property
    def needs_session(self) -> bool:
        """Whether it cannot happen without the variables and the generators of a session."""
        return self in _OF_A_SESSION


_OF_A_SESSION = {Effect.RANDOM, Effect.HOLDS, Effect.PEEKS, Effect.SETS, Effect.CHANGES}


Template = str | Callable[[Mapping[str, Any]], str]


class Binds(enum.IntEnum):
    """The precedence of a notation, which decides where a formula needs parentheses."""

    SUM = 1
    PRODUCT = 2
    SIGN = 3
    POWER = 4
    ATOM = 5


class Notation(NamedTuple):
    """The notation of an operation, as text and as LaTeX.

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
