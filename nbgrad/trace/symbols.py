"""How quantities are written: adjoints, local derivatives, indices, and numbers in a product."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from nbgrad.core.graph import Operation, Tensor, ancestors

SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"


LOWERED = str.maketrans("0123456789", SUBSCRIPTS)


RAISED = str.maketrans(SUBSCRIPTS, "0123456789")


def bar(label: str) -> str:
    """A label with a bar over its first letter, as adjoints are written: x̄."""
    return label[0] + "\u0304" + label[1:]


def subscript(number: int) -> str:
    """A number as an index below the line.

    Examples
    --------
    >>> subscript(12), digits("₁₂")
    ('₁₂', '12')
    """
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


class Operand(Protocol):
    """An edge into an operation: what it comes from, and in which place."""

    @property
    def source(self) -> object: ...

    @property
    def position(self) -> int: ...


def operand_number(edge: Operand, beside: Iterable[Operand], first: int = 0) -> int:
    """Which operand an edge leads to, counted from 1; 0 where its source is no other operand.

    Parameters
    ----------
    beside
        All edges into the same operation.
    first
        The position that is counted as 1.
    """
    alike = sum(each.source == edge.source for each in beside)
    return edge.position - first + 1 if alike > 1 else 0


def in_brackets(number: str) -> str:
    """A number as a factor or an operand: in brackets where it is negative.

    Examples
    --------
    >>> in_brackets("3"), in_brackets("−3")
    ('3', '(−3)')
    """
    return f"({number})" if number.startswith(("−", "-")) else number


def is_number(text: str) -> bool:
    """Whether a label or a formula is nothing but a number, and need not be evaluated.

    Examples
    --------
    >>> is_number("−0.5"), is_number("1e−05"), is_number("x")
    (True, True, False)
    """
    try:
        float(text.replace("−", "-"))
    except ValueError:
        return False
    return True


def called(op: Operation) -> str:
    """The name of the function that an operation stands for; "" for an ordinary one."""
    name, _ = op.attributes.get("stands_for") or ("", 0)
    return str(name)


def result_count(op: Operation) -> int:
    """Of the function that an operation stands for; 0 for an ordinary one."""
    _, results = op.attributes.get("stands_for") or ("", 0)
    return int(results)


def results_within(op: Operation) -> Sequence[Tensor]:
    """What the function computed, as it passes into the operation."""
    return op.inputs[: result_count(op)]


def arguments_of(op: Operation) -> Sequence[Tensor]:
    """What the function was called with; of an ordinary operation, all operands."""
    return op.inputs[result_count(op) :]


def replaced(needed: Sequence[Operation], asked: Collection[Tensor]) -> Iterator[Tensor]:
    """Results whose computation nobody sees: the function's own rule stands in its place.

    It is seen where somebody asked about a part of it, or where something else reads a result.
    """
    there = set(needed)
    for op in needed:
        within = [t for t in results_within(op) if t not in arguments_of(op)]
        inside = ancestors(within, stop=arguments_of(op))
        if any(tensor in asked for each in inside for tensor in each.outputs):
            continue
        for tensor in within:
            if all(reader is op or reader not in there for reader in tensor.consumers()):
                yield tensor
