"""Facts about a trace that several painters need, found once for each picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nbgrad.trace.model import NEVER, Cause, Edge, Moments, Node, Numbers, Trace
from nbgrad.trace.numbers import listed

Window = tuple[int, int]


NO_WINDOW: Window = (NEVER, NEVER)


@dataclass(frozen=True)
class Facts:
    """When things happen in a trace, and how large its largest numbers are.

    Attributes
    ----------
    active
        For "n3.forward", "n3.sum", "n3.send", "n3.seed" and "e3.0": the steps in which the
        card or edge is at work.
    value_scale, adjoint_scale
        The largest finite magnitude in any array, for the tints of cells.
    chips_once
        Whether chips show only in their own step, or when their card has the focus.
    """

    trace: Trace
    moments: Moments
    active: dict[str, Window]
    value_scale: float
    adjoint_scale: float
    chips_once: bool

    @property
    def end(self) -> int:
        return len(self.trace.steps)


def facts_of(trace: Trace, *, chips_once: bool) -> Facts:
    """What the painters need to know about a trace."""
    arrays = [node for node in trace.nodes if node.shape]
    adjoints = (n.adjoint.value for n in arrays if n.adjoint.value is not None)
    return Facts(
        trace,
        trace.moments,
        activity(trace),
        largest(node.value for node in arrays),
        largest(adjoints),
        chips_once,
    )


PHASES = {"forward": "forward", "sum": "sum", "seed": "seed", "multiply": "send", "stop": "send"}


def activity(trace: Trace) -> dict[str, Window]:
    """The window of steps in which each card and edge is at work."""
    found: dict[str, Window] = {}
    for k, step in enumerate(trace.steps, start=1):
        at_work = trace.edge(step.edges[0]).target if step.kind == "multiply" else step.node
        keys = [f"{at_work}.{PHASES[step.kind]}"]
        keys += step.edges if step.kind == "multiply" else ()
        for key in keys:
            found[key] = (found.get(key, (k, k))[0], k + 1)
    return found


def largest(tensors: Iterable[Numbers]) -> float:
    """The largest finite magnitude in some tensors."""
    return max(map(magnitude, tensors), default=0.0)


def magnitude(numbers: Numbers) -> float:
    """The largest finite magnitude in a tensor."""
    if numbers.shape == ():  # most are, and Python is quicker with a single number
        size = abs(float(numbers.array))
        return size if math.isfinite(size) else 0.0
    sizes = np.abs(numbers.array.astype(float))
    sizes = sizes[np.isfinite(sizes)]
    return float(sizes.max()) if sizes.size else 0.0


def arrivals(facts: Facts, node: Node) -> list[tuple[int, Numbers]]:
    """What the reverse pass brought to a node, with the step in which each part came."""
    parts = [
        (facts.moments.contribution.get(edge.id, NEVER), edge.contribution)
        for edge in facts.trace.outgoing(node)
        if edge.contribution is not None
    ]
    if node.seed is not None:
        parts.append((facts.active.get(f"{node.id}.seed", NO_WINDOW)[0], node.seed))
    return sorted(parts, key=lambda part: part[0])


def is_kept_zero(target: Node, edge: Edge) -> bool:
    """Whether 0 came of a factor that is not finite: nothing had arrived to be multiplied."""
    arriving, local = target.adjoint.value, edge.local
    if arriving is None or local is None or local.value is None or edge.contribution is None:
        return False
    nothing = not arriving.array.any() and not edge.contribution.array.any()
    return nothing and not bool(np.isfinite(local.value.array).all())


NOTHING_ARRIVED = "because nothing arrived"


def scalar(numbers: Numbers | None) -> float | None:
    """The number in a scalar, and None for anything else."""
    return numbers.array.item() if numbers is not None and numbers.shape == () else None


def carries(edge: Edge) -> bool:
    """Whether the reverse pass brought something along an edge."""
    return edge.contribution is not None


WORDS = {"none": "None", "zero": "0", "not finite": "not finite"}


class Wording(NamedTuple):
    """How a cause is told, from a sentence to a sign.

    Attributes
    ----------
    reason
        Why an adjoint is as it is; `facts` has what stands in braces.
    sign
        On a card: beside None, or before a 0.
    chip
        On an edge that lets no gradient through, in a word that fits; a stop has its bar.
    cut
        Of a path that ends there.
    """

    reason: str
    sign: str = ""
    chip: str = ""
    cut: str = ""


WORDINGS: dict[Cause, Wording] = {
    # None
    "no path": Wording("no path leads from {node} to {goal}", "⌀"),
    "stopped": Wording("{way} is stopped{arrived}", "‖", cut="{target} is stopped"),
    "integer": Wording(
        "{way} holds {kind}, which have no derivative", "Z", "integer", "{source} holds {kind}"
    ),
    "not differentiable": Wording(
        "{way} has no gradient, for {op_type} is not differentiable",
        "∄",
        "no slope",
        "{op_type} has no derivative",
    ),
    # 0
    "times zero": Wording("a local derivative at {at} is 0, and anything times 0 is 0", "×0"),
    "unit off": Wording(
        "the unit {at} is off: on this side of its threshold it passes nothing on", "off"
    ),
    "terms cancel": Wording("the gradients that meet at {at} cancel each other", "cancel"),
    "seed zero": Wording("the reverse pass started with a seed of 0 at {at}", "seed 0"),
    # not finite
    "began here": Wording("the first number that is not finite arises at {at}"),
    "came from above": Wording("what arrives is already not finite; that began at {at}"),
}


def wording(cause: Cause) -> Wording:
    """How a cause is told; one that a trace does not name has no sign."""
    return WORDINGS.get(cause, Wording("its cause was not recorded"))


def why(trace: Trace, node: Node) -> str:
    """The reason for a node's missing or unusual adjoint; nothing for an ordinary number.

    The sentence begins with the adjoint: "df/dx is None: no path leads from x to f."
    """
    adjoint = node.adjoint
    total = trace.total(node)
    if adjoint.state == "not run":
        return f"{total} was not asked for: no reverse pass has run."
    if adjoint.state == "number":
        return ""
    reason = wording(adjoint.cause).reason.format(**facts(trace, node))
    return f"{total} is {WORDS[adjoint.state]}: {reason}."


def facts(trace: Trace, node: Node) -> dict[str, str]:
    """What a reason may mention."""
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
        "arrived": arrived(trace, at),
    }


def kind_of(node: Node) -> str:
    """What a tensor holds that is not differentiable."""
    return "truth values" if node.dtype == "bool" else "integers"


def arrived(trace: Trace, at: Node | None) -> str:
    """What reached the place of a stop."""
    if at is None or at.adjoint.value is None:
        return ", so nothing leaves it"
    gradient = f"{trace.total(at)} = {listed(at.adjoint.value)}"
    return f": its own gradient arrives ({gradient}), nothing leaves"
