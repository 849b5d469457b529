"""Reasons in words: why an adjoint is None, zero or not finite, on a card and in a sentence."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nbgrad.trace.model import Cause, Node, Trace
from nbgrad.trace.numbers import in_words, short, sign_before


class Wording(NamedTuple):
    """The words for a cause, from a sentence to a sign.

    Attributes
    ----------
    reason
        Why an adjoint is as it is, with names in braces.
    sign
        On a card: beside None, or before a 0.
    caption
        On an edge that lets no gradient through, in a word that fits; a stop has its bar.
    """

    reason: str
    sign: str = ""
    caption: str = ""


WORDINGS: dict[Cause, Wording] = {
    # None
    "no path": Wording("no path leads from {node} to {goal}", "⌀"),
    "stopped": Wording("{way} is stopped{arrived}", "‖"),
    "integer": Wording("{way} holds {kind}, which have no derivative", "ℤ", "integers"),
    "not differentiable": Wording(
        "{way} has no gradient, for {op_type} is not differentiable", "∄", "no slope"
    ),
    # 0
    "times zero": Wording("a local derivative at {at} is 0, and anything times 0 is 0", "×0"),
    "unit off": Wording(
        "the unit {at} is off: on this side of its threshold it passes nothing on", "off"
    ),
    "terms cancel": Wording("the gradients that meet at {at} cancel each other", "cancel"),
    "seed zero": Wording("the reverse pass started with a seed of 0 at {at}", "seed 0"),
    # not finite
    "value not finite": Wording("{at} itself {holds}"),
    "began here": Wording("the first number that is not finite arises at {at}"),
    "came from above": Wording("what arrives is already not finite; that began at {at}"),
}
NOT_RECORDED = Wording("its cause was not recorded")
STATES = {"none": "None", "zero": "0", "not finite": "not finite"}
NOTHING_ARRIVED = "because nothing arrived"


def wording(cause: Cause) -> Wording:
    """The words for a cause; one that a trace does not name has no sign."""
    return WORDINGS.get(cause, NOT_RECORDED)


def why(trace: Trace, node: Node) -> str:
    """The reason for a node's missing or unusual adjoint; nothing for an ordinary number.

    The sentence begins with the adjoint: "df/dx is None: no path leads from x to f."
    """
    adjoint, total = node.adjoint, trace.total(node)
    if adjoint.state == "not run":
        return f"{total} was not asked for: no reverse pass has run."
    words = cause_words(trace, node)
    return f"{total} is {STATES[adjoint.state]}: {words}." if words else ""


def cause_words(trace: Trace, node: Node) -> str:
    """The cause of an adjoint that is None, zero or not finite, in words; "" of any other."""
    if node.adjoint.state not in STATES:
        return ""
    return wording(node.adjoint.cause).reason.format(**names_in_reasons(trace, node))


def names_in_reasons(trace: Trace, node: Node) -> dict[str, str]:
    """The values of the names in braces."""
    goal = " or ".join(trace.node(y).label for y in trace.ys)
    where = node.adjoint.at
    at = trace.node(where) if where is not None else None
    there = at.label if at is not None else "an operation on the way"
    way = f"every path from {node.label} to {goal} goes through {there}, and {there}"
    return {
        "node": node.label,
        "goal": goal,
        "at": there,
        "kind": kind_of(node if at is None else at),
        "way": there if at is node else way if at is not None else f"every path to {goal}",
        "op_type": at.op_type if at is not None else "an operation",
        "arrived": arrived_at_stop(trace, at),
        "holds": holds_not_finite(node if at is None else at),
    }


def kind_of(node: Node) -> str:
    """The numbers in a tensor that is not differentiable."""
    return "truth values" if node.dtype == "bool" else "integers"


def is_integer_with_gradient(node: Node) -> bool:
    """Whether a node of integers has an adjoint, which `config(integer_gradients=True)` allows."""
    return node.adjoint.value is not None and node.dtype.startswith(("int", "uint"))


def arrived_at_stop(trace: Trace, at: Node | None) -> str:
    """The gradient that reached the place of a stop."""
    if at is None or at.adjoint.value is None:
        return ", so nothing leaves it"
    found = at.adjoint.value
    gradient = f"{trace.total(at)}{sign_before(found)}{in_words(found)}"
    return f": its own gradient arrives ({gradient}), nothing leaves"


def holds_not_finite(node: Node) -> str:
    """The ∞ or NaN in a value, in words; of ∞, the range of its dtype.

    Infinite is what was infinite, and what was too large for the dtype.
    """
    array, verb = node.value.array, "holds" if node.shape else "is"
    if np.isnan(array).any():
        return f"{verb} NaN"
    if array.dtype.kind != "f":
        return f"{verb} ∞"
    sign = "" if np.isposinf(array).any() else "−"
    limit = short(np.finfo(array.dtype).max.item())
    return f"{verb} {sign}∞, as is whatever lies beyond {sign}{limit} in {node.dtype}"
