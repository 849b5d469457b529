"""Symbolic edges: the edges of a trace as tensors, to be filled with numbers by every run.

An edge is one operand position of one operation. It knows what the reverse pass sends along
it, and the derivative along it: the gradient rule once more, with ones arriving.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nbgrad.core.gradients import apply_rule, match_shape
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.registry import gradient_rule
from nbgrad.core.reverse import ReversePass, RuleStep
from nbgrad.ops.constants import ones_like, zeros_like
from nbgrad.trace import formulas
from nbgrad.trace.formulas import Formula, function_name
from nbgrad.trace.symbols import bar
from nbgrad.trace.tensors import shown_as, switches_into, unique, with_readings

#: Operations that only repeat their operand: what arrives is multiplied by one.
REPETITIONS = ("Spread", "BroadcastTo", "Fill")

#: What the places of elements do not matter to.
WITHOUT_PLACES = ("ZerosLike", "OnesLike", "Shape", "Size")

#: The package whose gradient rules are known to multiply wherever they look as if they did.
OURS = __name__.partition(".")[0]

#: Two ways to the same product in float32 differ by less.
TOLERANCE = 1e-4


@dataclass(frozen=True)
class SymbolicEdge:
    """One operand position of one operation, seen from a result that is shown."""

    source: Tensor
    target: Tensor
    position: int
    sent: Tensor | None = None  # by the reverse pass
    factor: Tensor | None = None  # of what arrives, where the rule multiplies by element
    formula: Formula | None = None  # the factor, or else the whole rule
    whole: Formula | None = None  # of a user's rule: does it multiply?
    gate: bool = False  # whether the rule chooses by a comparison, as relu does
    uses: tuple[Tensor, ...] = ()  # the tensors that the formula reads


def tracked_operations(reverse: ReversePass) -> set[Operation]:
    """The operations whose adjoints are shown: those between, and what is differentiated.

    What a rule sends to a constant is of no use to anybody.
    """
    return {*reverse.between, *(shown_as(y).op for y in reverse.ys)}


def edges_between(
    nodes: Sequence[Tensor],
    labels: Mapping[Tensor, Formula],
    rule_steps: Sequence[RuleStep],
    tracked: Collection[Operation],
) -> list[SymbolicEdge]:
    """The edges into the tensors of `nodes`; builds operations in the current graph."""
    steps = {step.op: step for step in rule_steps}
    known = with_readings(labels)
    edges: list[SymbolicEdge] = []
    for z in nodes:
        if any(operand.op.branch is not None for operand in z.op.inputs):
            edges += edges_of_choice(z, labels, steps)
            continue
        sources = enumerate(map(shown_as, z.op.inputs))
        bare = [SymbolicEdge(x, z, position) for position, x in sources if x in labels]
        step = steps.get(z.op)
        edges += bare if step is None else derived(bare, z, step, known, tracked)
    return edges


def edges_of_choice(
    z: Tensor, labels: Mapping[Tensor, Formula], steps: Mapping[Operation, RuleStep]
) -> Iterator[SymbolicEdge]:
    """The edges into what `cond` returns: its predicate, and what its branches read."""
    predicate = shown_as(z.op.inputs[0])
    if predicate in labels:
        yield SymbolicEdge(predicate, z, 0)
    through = formulas.of_name(f"{bar(labels[z].text)} through the branch taken")
    for position, switch in enumerate(switches_into(z.op), start=1):
        source = shown_as(switch.inputs[0])
        if source not in labels:
            continue
        sent = steps[switch].sent[0] if switch in steps else None
        formula = None if sent is None else through
        yield SymbolicEdge(source, z, position, sent, formula=formula, gate=True)


def derived(
    edges: Sequence[SymbolicEdge],
    z: Tensor,
    step: RuleStep,
    known: dict[Tensor, Formula],
    tracked: Collection[Operation],
) -> Iterator[SymbolicEdge]:
    """The edges into z with what is sent along them, and the derivative."""
    sent, rules = sent_through(z, step)
    ones, arriving = ones_like(z), step.dzs[z.value_index]
    factors = apply_rule(z.op, gradient_of_one_result(z, ones, step))
    # Two ways to read a rule: with ones arriving it is the factor, else the whole.
    as_factor = ChainMap({ones: formulas.of_number(1)}, known)
    barred = formulas.of_name(bar(known[z].text))
    as_whole = ChainMap({} if arriving is None else {arriving: barred}, known)
    for edge in edges:
        rule, factor = rules[edge.position], factors[edge.position]
        if z.op.inputs[edge.position].op not in tracked or rule is None or factor is None:
            yield edge
            continue
        inside = operations_inside(factor, as_factor)
        by_element = all(map(is_by_element, inside))
        formula = formulas.express(factor, as_factor) if by_element else None
        whole = None
        if not by_element or not has_builtin_rule(z.op):
            whole = formulas.express(rule, as_whole)
        yield replace(
            edge,
            sent=sent[edge.position],
            factor=factor if by_element else None,
            formula=formula or whole,
            whole=whole,
            gate=any(map(is_choice, inside)),
            uses=tensors_used(factor, as_factor) if by_element else tensors_used(rule, as_whole),
        )


def operations_inside(derivative: Tensor, known: Container[Tensor]) -> list[Operation]:
    """The operations that compute a derivative from what is known, in the order of creation."""
    waiting, found = [derivative], set[Operation]()
    while waiting:
        tensor = waiting.pop()
        if tensor not in known and tensor.op not in found:
            found.add(tensor.op)
            waiting += tensor.op.inputs
    return sorted(found, key=lambda op: op.index)


def tensors_used(derivative: Tensor, known: ChainMap[Tensor, Formula]) -> tuple[Tensor, ...]:
    """The tensors that a derivative is computed from; `known` begins with what arrives."""
    inside = operations_inside(derivative, known)
    operands = [t for op in inside for t in formulas.operands(op)] or [derivative]
    arriving, nodes = known.maps
    return tuple(unique(shown_as(t) for t in operands if t in nodes and t not in arriving))


def sent_through(z: Tensor, step: RuleStep) -> tuple[list[Tensor | None], list[Tensor | None]]:
    """The gradients sent to each operand by way of one result, in its shape and before.

    A rule answers for all results at once. It is linear in what arrives, so the share of one
    result is what the rule sends when nothing arrives at the others.
    """
    if len(z.op.outputs) == 1:
        return step.sent, step.dxs
    dxs = apply_rule(z.op, gradient_of_one_result(z, step.dzs[z.value_index], step))
    return [match_shape(z.op, i, dx) for i, dx in enumerate(dxs)], dxs


def gradient_of_one_result(
    z: Tensor, gradient: Tensor | None, step: RuleStep
) -> list[Tensor | None]:
    """A gradient for one result of an operation, and zeros for the others."""
    return [
        gradient if other is z else None if dz is None else zeros_like(other)
        for other, dz in zip(z.op.outputs, step.dzs, strict=True)
    ]


def is_choice(op: Operation) -> bool:
    """Whether an operation looks only on which side of a threshold a number lies."""
    return op.type == "Step" or any(tensor.dtype.is_bool for tensor in op.inputs)


def is_by_element(op: Operation) -> bool:
    """Whether an operation leaves every element in its place."""
    if op.type == "Select":  # its condition may also choose between whole rows
        return op.inputs[0].static_shape == op.outputs[0].static_shape
    in_place = op.definition.elementwise or op.type in (*REPETITIONS, *WITHOUT_PLACES)
    return in_place or not op.inputs


def has_builtin_rule(op: Operation) -> bool:
    """Whether an operation's gradient rule is the one that nbgrad has for it."""
    if function_name(op) or op.attributes.get("gradient") is not None:
        return False
    module = gradient_rule(op).__module__ or ""  # None in a program that `exec` runs without a name
    return module.partition(".")[0] == OURS


def is_product(sent: np.ndarray, arriving: np.ndarray, factor: np.ndarray) -> bool:
    """Whether the contribution is the gradient times the factor; True where that is unknown."""
    with np.errstate(all="ignore"):
        product = arriving * factor
    if product.shape != np.shape(sent):
        return True  # summed over the repetitions of an operand
    return bool(np.allclose(sent, product, TOLERANCE, TOLERANCE, equal_nan=True))
