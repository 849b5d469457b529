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
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.source import SourceLine
from nbgrad.trace.formulas import Formula, name, number, scalar
from nbgrad.trace.symbols import result_count, subscript

#: What Python's operators call their operations, where it is not the type's own name.
OPERATORS = {"truediv", "div", "mod", "and", "or", "xor"}


#: d and e stand for derivatives and for Euler's number, i and l for what they look like.
LETTERS = "abcghkmnpqrstuvwz"


def labels_of(
    tensors: Sequence[Tensor],
    xs: Sequence[Tensor] = (),
    settled: Mapping[Tensor, Formula] | None = None,
) -> dict[Tensor, Formula]:
    """A label for each tensor, no two alike but for numbers.

    Parameters
    ----------
    tensors
        The tensors to be shown, in the order of creation.
    xs
        Those among them that are asked about: even a constant is no mere number then.
    settled
        Those that are numbers, though an operation makes them.
    """
    settled = settled or {}
    proposed = {tensor: None if tensor in settled else proposal(tensor) for tensor in tensors}
    wanted = Counter(label for label in proposed.values() if label)
    letters = unused_letters({*wanted, *names_in_source(tensors)})
    count: Counter[str] = Counter()
    labels = dict(settled)
    for tensor in tensors:
        if tensor in settled:
            continue
        value = None if proposed[tensor] or tensor in xs else scalar(tensor)
        if value is not None:
            labels[tensor] = number(value)
            continue
        label = proposed[tensor] or next(letters)
        if wanted[label] > 1:
            count[label] += 1
            label = f"{label}{subscript(count[label])}"
        labels[tensor] = name(label)
    return labels


def proposal(tensor: Tensor) -> str | None:
    """The name that the user gave a tensor, in TensorFlow's way or in Python's."""
    op = tensor.op
    index = f"[{tensor.value_index}]" if results_of(op) > 1 else ""
    given = given_name(op)
    return f"{given}{index}" if given else assigned_name(tensor)


def results_of(op: Operation) -> int:
    """How many results of an operation a program sees."""
    return result_count(op) or len(op.outputs)


def given_name(op: Operation) -> str | None:
    """The last part of an operation's name, if it is not just what such operations are called."""
    scope, _, own = op.name.rpartition("/")
    if any(reader.name == scope for reader in op.outputs[0].consumers()):
        return None  # "MatMul/b": what was written as an operand, and is called after it
    base, _, count = own.rpartition("_")
    plain = base if base and count.isdigit() else own
    usual = {op.type.lower(), op.definition.default_name.lower(), "x", "y", "initial_value"}
    usual |= OPERATORS
    if plain.lower() in usual - ({"x", "y"} if "/" not in op.name else set()):
        return None
    return own


Position = tuple[int, int]


class Assignment(NamedTuple):
    """A statement `name = …`: from where to where it reaches, and what its right side builds.

    Attributes
    ----------
    names
        What is assigned to; several where one call gives several results.
    start, end
        Line and column of its beginning, and of what follows it.
    operators
        How many operators and calls stand on its right.
    call
        Where the call begins that makes all of its right side; None where no call does.
    """

    names: tuple[str, ...]
    start: Position
    end: Position
    operators: int
    call: Position | None = None


def assigned_name(tensor: Tensor) -> str | None:
    """The Python variable that a tensor was assigned to, where it was.

    Of all operations that a statement builds, the last one makes what is assigned. A statement
    in a loop builds the same sequence again and again, each time with such a last one.
    """
    op = tensor.op
    statement = statement_at(op.source)
    if statement is None:
        return None
    built = built_by(op, statement)
    length = period([each.type for each in built], statement.operators)
    turn = next(i for i, each in enumerate(built) if each is op)
    # A variable is assigned and read after it is made: it is not the last one built.
    if not (turn % length == length - 1 or op.is_variable):
        return None
    if not is_outermost(op, statement):
        return None
    if len(statement.names) == results_of(op):
        return statement.names[tensor.value_index]
    return statement.names[0] if len(statement.names) == 1 else None


def is_outermost(op: Operation, statement: Assignment) -> bool:
    """Whether it may be what is assigned: `y = f(x * 2)` calls the product neither y nor f."""
    column = op.source.column
    if statement.call is None or column is None or op.source.number != statement.call[0]:
        return True
    return column == statement.call[1]


def built_by(op: Operation, statement: Assignment) -> list[Operation]:
    """All operations that one statement built, in the order of creation."""
    filename = op.source.code.co_filename

    def same(other: Operation) -> bool:
        # By file, not by function: a statement may hold a lambda.
        return other.source.code.co_filename == filename and statement_at(other.source) == statement

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
    """The assignment that a place in a program belongs to, or None."""
    text = "".join(linecache.getlines(source.code.co_filename))
    line = [each for each in assignments(text) if each.start[0] <= source.number <= each.end[0]]
    if len(line) == 1:
        return line[0]
    # Of several statements in one line, the column tells; Python before 3.11 does not know it.
    column = source.column
    here = (source.number, column)
    return next((s for s in line if column is not None and s.start <= here < s.end), None)


@lru_cache(maxsize=64)
def assignments(text: str) -> list[Assignment]:
    """The assignments in a program's text."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        # A notebook cell may hold a `%magic`, which is not Python.
        return []
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
    return [found for node in statements for found in assignment(node.targets[0], node.value, node)]


def assignment(target: ast.expr, value: ast.expr, whole: ast.AST) -> Iterator[Assignment]:
    """`x = …`, `self.w = …`, `p, q = …, …`, and `p, q = …` with several results."""
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for each, part in zip(targets, values, strict=True):
                yield from assignment(each, part, part)
        case ast.Tuple(elts=targets), _ if all(isinstance(t, ast.Name) for t in targets):
            yield spanning(tuple(t.id for t in targets if isinstance(t, ast.Name)), value, whole)
        case (ast.Name(id=name), _) | (ast.Attribute(attr=name), _):
            yield spanning((name,), value, whole)


def spanning(names: tuple[str, ...], value: ast.expr, whole: Any) -> Assignment:
    """An assignment with its place in the text."""
    kinds = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Compare, ast.Subscript)
    operators = sum(isinstance(each, kinds) for each in ast.walk(value))
    start, end = (whole.lineno, whole.col_offset), (whole.end_lineno, whole.end_col_offset)
    call = (value.lineno, value.col_offset) if isinstance(value, ast.Call) else None
    return Assignment(names, start, end, operators, call)


def names_in_source(tensors: Sequence[Tensor]) -> set[str]:
    """Every name in the code that made some tensors: none may label what it does not name."""
    codes = {tensor.op.source.code for tensor in tensors}
    return {name for code in codes for name in (*code.co_varnames, *code.co_names)}


def unused_letters(used: set[str]) -> Iterator[str]:
    """a, b, c, … and then n₁, n₂, …, without those in use."""
    for letter in LETTERS:
        if letter not in used:
            yield letter
    for count in itertools.count(1):
        yield f"n{subscript(count)}"
