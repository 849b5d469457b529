"""Functions with a gradient of their own: one operation stands for each call of one.

`custom_gradient` passes a function's results through an operation, and its arguments beside
them, so that its rule's gradients arrive there. A picture shows a call of the function.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from nbgrad.graph import Operation, Tensor, ancestors


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
