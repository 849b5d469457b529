"""What a person calls each tensor: the name given, the Python variable, or a letter.

A picture that says "mul_3" makes the learner look for the line; one that says "b" and was
drawn from `b = a * y` does not.
"""

from __future__ import annotations

import ast
import bisect
import itertools
import linecache
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nbgrad.graph import Operation, Tensor
from nbgrad.source import SourceLine
from nbgrad.tracing.drawn import is_variable
from nbgrad.tracing.formulas import Formula, name, number, scalar

#: d and e stand for derivatives and for Euler's number, i and l for what they look like.
LETTERS = "abcghkmnpqrstuvwz"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def labels_of(tensors: Sequence[Tensor], xs: Sequence[Tensor] = ()) -> dict[Tensor, Formula]:
    """A label for each tensor, no two alike but for numbers.

    Parameters
    ----------
    tensors
        The tensors to be shown, in the order of creation.
    xs
        Those among them that are asked about: even a constant is no mere number then.
    """
    proposed = {tensor: proposal(tensor) for tensor in tensors}
    wanted = Counter(label for label in proposed.values() if label)
    letters = unused_letters({*wanted})
    count: Counter[str] = Counter()
    labels = {}
    for tensor in tensors:
        value = None if proposed[tensor] or tensor in xs else scalar(tensor)
        if value is not None:
            labels[tensor] = number(value)
            continue
        label = proposed[tensor] or next(letters)
        if wanted[label] > 1:
            count[label] += 1
            label = f"{label}{str(count[label]).translate(SUBSCRIPTS)}"
        labels[tensor] = name(label)
    return labels


def proposal(tensor: Tensor) -> str | None:
    """The name that the user gave a tensor, in TensorFlow's way or in Python's."""
    op = tensor.op
    index = f"[{tensor.value_index}]" if len(op.outputs) > 1 else ""
    found = given_name(op) or assigned_name(op)
    return f"{found}{index}" if found else None


def given_name(op: Operation) -> str | None:
    """The last part of an operation's name, if it is not just what such operations are called."""
    scope, _, own = op.name.rpartition("/")
    if any(reader.name == scope for reader in op.outputs[0].consumers()):
        return None  # "MatMul/b": what was written as an operand, and is called after it
    base, _, count = own.rpartition("_")
    plain = base if base and count.isdigit() else own
    usual = {op.type.lower(), op.definition.default_name.lower(), "x", "y", "initial_value"}
    if plain.lower() in usual - ({"x", "y"} if "/" not in op.name else set()):
        return None
    return own


class Assignment(NamedTuple):
    """A statement `name = …` and how many operators and calls stand on its right."""

    name: str
    first_line: int
    last_line: int
    operators: int


def assigned_name(op: Operation) -> str | None:
    """The Python variable that an operation's result was assigned to, where it was.

    Of all operations that a statement builds, the last one makes what is assigned. A statement
    in a loop builds the same sequence again and again, each time with such a last one.
    """
    statement = statement_at(op.source)
    if statement is None:
        return None
    built = built_by(op, statement)
    length = period([each.type for each in built], statement.operators)
    turn = next(i for i, each in enumerate(built) if each is op)
    # A variable is assigned and read after it is made: it is not the last one built.
    last = turn % length == length - 1 or is_variable(op)
    return statement.name if last else None


def built_by(op: Operation, statement: Assignment) -> list[Operation]:
    """All operations that one statement built, in the order of creation."""
    filename, lines = (
        op.source.code.co_filename,
        range(statement.first_line, statement.last_line + 1),
    )

    def same(other: Operation) -> bool:
        # By file, not by function: a statement may hold a lambda.
        return other.source.code.co_filename == filename and other.source.number in lines

    operations = op.graph.get_operations()
    position = bisect.bisect_left(operations, op.index, key=lambda each: each.index)
    before = itertools.takewhile(same, reversed(operations[:position]))
    after = itertools.takewhile(same, operations[position + 1 :])
    return [*reversed([*before]), op, *after]


def period(types: Sequence[str], at_least: int) -> int:
    """The length of the sequence that repeats, no shorter than what the statement spells out."""
    for length in range(max(at_least, 1), len(types) // 2 + 1):
        if len(types) % length == 0 and all(
            types[i] == types[i - length] for i in range(length, len(types))
        ):
            return length
    return len(types)


def statement_at(source: SourceLine) -> Assignment | None:
    """The assignment to one name that a line belongs to, or None."""
    filename = source.code.co_filename
    found = [
        statement
        for statement in assignments("".join(linecache.getlines(filename)))
        if statement.first_line <= source.number <= statement.last_line
    ]
    # Of two statements in one line we cannot tell which one built an operation.
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=64)
def assignments(text: str) -> list[Assignment]:
    """The assignments in a program's text."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        # A notebook cell may hold a `%magic`, which is not Python.
        return []
    return [found for node in ast.walk(tree) for found in assignment(node)]


def assignment(node: ast.AST) -> Iterator[Assignment]:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)], value=value):
            kinds = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Compare, ast.Subscript)
            operators = sum(isinstance(each, kinds) for each in ast.walk(value))
            yield Assignment(target, node.lineno, node.end_lineno or node.lineno, operators)


def unused_letters(used: set[str]) -> Iterator[str]:
    """a, b, c, … and then n₁, n₂, …, without those in use."""
    for letter in LETTERS:
        if letter not in used:
            yield letter
    for count in itertools.count(1):
        yield f"n{str(count).translate(SUBSCRIPTS)}"
