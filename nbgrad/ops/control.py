"""A choice made at run time: `cond` runs one of two branches, and only that one.

Both branches are part of the graph, as in TensorFlow; their operations know which branch they
belong to, and a plan calls them only when it is taken. What a branch reads from outside comes in
through a "Switch", what leaves passes a "Merge", and each is the other's gradient: where the branch
was not taken, zero flows out of its switch.
"""

from __future__ import annotations

from typing import Any

from nbgrad.core.graph import Tensor
from nbgrad.core.registry import Effect, RegisterGradient
from nbgrad.core.scopes import Branch
from nbgrad.core.shapes import Shape
from nbgrad.ops.constants import zeros_like
from nbgrad.ops.copying import identity
from nbgrad.ops.define import operation


@operation("Switch", effect=Effect.ENTERS_BRANCH, symbol="↘", text="{data}")
def _switch(data, *, branch):
    """z = x, inside a branch"""
    return data


@RegisterGradient("Switch")
def _switch_grad(op, dz):
    taken = op.attributes["branch"]
    other = Branch(taken.predicate, not taken.value, taken.outer)
    with op.graph.inside(other):
        nothing = zeros_like(op.inputs[0])
    with op.graph.inside(taken.outer):
        return merge_branches({taken.value: (taken, dz), other.value: (other, nothing)})


def _either(_predicate: Shape, true: Shape, false: Shape, **_attributes: Any) -> Shape:
    if true is None or false is None or len(true) != len(false):
        return None
    return tuple(m if m == n else None for m, n in zip(true, false, strict=True))


@operation(
    "Merge",
    dtypes="bool,T,T->T",
    shape=_either,
    effect=Effect.LEAVES_BRANCH,
    symbol="?",
    text="({if_true} if {pred} else {if_false})",
)
def _merge(pred, if_true, if_false, *, branches):
    """z = the x of the branch that was taken"""
    return if_true if pred else if_false


@RegisterGradient("Merge")
def _merge_grad(op, dz):
    sent = []
    for branch in op.attributes["branches"]:
        with op.graph.inside(branch):
            sent.append(identity(dz))
    return [None, *sent]


def merge_branches(sides: dict[bool, tuple[Branch, Tensor]]) -> Tensor:
    """The value of the branch that was taken."""
    (true, if_true), (false, if_false) = sides[True], sides[False]
    branches = (true, false)
    return if_true.graph.apply("Merge", true.predicate, if_true, if_false, branches=branches)


@operation("NoOp", dtypes="->", symbol="·")
def _no_op():
    """Nothing, after all that it waits for"""
