"""A choice made at run time: `cond` runs one of two branches, and only that one.

Both branches are part of the graph, as in TensorFlow; their operations know which branch they
belong to, and a plan calls them only when it is taken. What a branch reads from outside comes
in through a "Switch", what leaves passes a "Merge", and each is the other's gradient: where
the branch was not taken, zero flows out of its switch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbgrad.errors import advise
from nbgrad.graph import Branch, Graph, Operand, Operation, Tensor, graph_of, name_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.copying.repetition import identity, zeros_like
from nbgrad.ops.define import operation
from nbgrad.registry import Effect, RegisterGradient
from nbgrad.shapes import Shape


def _switch_node(op, write):
    """Switch sends to the one side or the other; the Identity is what arrives on this side."""
    [x], branch = op.inputs, op.attributes["branch"]
    inputs = [name_of(x), name_of(branch.predicate)]
    sides = write.helper(op, "Switch", "Switch", inputs, T=x.dtype)
    write.node(op, "Identity", [f"{sides}:1" if branch.value else sides], T=x.dtype)


@operation(
    "Switch",
    node=_switch_node,
    dtypes="T->T",
    effect=Effect.ENTERS_BRANCH,
    symbol="↘",
    text="{data}",
)
def _switch(data, *, branch):
    return data


@RegisterGradient("Switch")
def _switch_grad(op, dz):
    taken = op.attributes["branch"]
    other = Branch(taken.predicate, not taken.value, taken.outer)
    with op.graph.inside(other):
        nothing = zeros_like(op.inputs[0])
    with op.graph.inside(taken.outer):
        return merge({taken.value: (taken, dz), other.value: (other, nothing)})


def _either(_predicate: Shape, true: Shape, false: Shape, **_attributes: Any) -> Shape:
    if true is None or false is None or len(true) != len(false):
        return None
    return tuple(m if m == n else None for m, n in zip(true, false, strict=True))


def _merge_node(op, write):
    """Merge takes what is alive; which branch is taken, the branches know."""
    _, true, false = map(name_of, op.inputs)
    write.node(op, "Merge", [false, true], T=op.outputs[0].dtype, N=2)


@operation(
    "Merge",
    node=_merge_node,
    dtypes="bool,T,T->T",
    shape=_either,
    effect=Effect.LEAVES_BRANCH,
    symbol="?",
    text="({if_true} if {pred} else {if_false})",
)
def _merge(pred, if_true, if_false, *, branches):
    return if_true if pred else if_false


@RegisterGradient("Merge")
def _merge_grad(op, dz):
    sent = []
    for branch in op.attributes["branches"]:
        with op.graph.inside(branch):
            sent.append(identity(dz))
    return [None, *sent]


def merge(sides: dict[bool, tuple[Branch, Tensor]]) -> Tensor:
    """The value of the branch that was taken."""
    (true, if_true), (false, if_false) = sides[True], sides[False]
    result: Tensor = if_true.graph.apply(
        "Merge", true.predicate, if_true, if_false, branches=(true, false)
    )
    return result


def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Callable[[], Any] | None = None,
    fn2: Callable[[], Any] | None = None,
) -> Any:
    """What one function builds where a predicate is true, else what another one builds.

    Unlike with `where`, the operations of only one branch run: the other can neither fail
    nor send a NaN back.

    Parameters
    ----------
    pred : tensor_like of bool
        A scalar tensor.
    true_fn, false_fn : callable
        Functions of no arguments that return a tensor or a list of tensors, of the same
        dtypes in both.
    strict : bool, default False
        Whether a list of one tensor stays a list.
    name : str, optional
        What the operations are called in the graph.
    fn1, fn2 : optional
        Other names for `true_fn` and `false_fn`.

    Returns
    -------
    Tensor, or list of them
        Of the dtypes of the branches. Their shapes, as far as both agree.

    Raises
    ------
    TypeError
        If `pred` is a Python bool, or a branch is no function.
    ValueError
        If the branches return different numbers or types of tensors.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.placeholder(ng.float32, [])
    ...     y = ng.cond(x > 0, lambda: x * x, lambda: -x)
    ...     print(*ng.Session().run(ng.gradients(y, x), {x: 3.0}))
    6.0
    """
    functions = {True: true_fn or fn1, False: false_fn or fn2}
    for value, function in functions.items():
        if not callable(function):
            raise TypeError(f"{'true' if value else 'false'}_fn must be callable.")
    if isinstance(pred, bool):
        raise TypeError(
            advise(
                "pred must not be a Python bool",
                advice="Python knows the answer already: use `if`, and build one branch only.",
            )
        )
    graph = graph_of(pred)
    with graph.name_scope(name or "cond"):
        predicate = as_tensor(pred, graph, name="pred_id")
        if not predicate.dtype.is_bool:
            raise TypeError(
                advise(
                    f"Input 'pred' of 'Switch' Op has type {predicate.dtype.name} that does not "
                    "match expected type of bool.",
                    predicate.op,
                    "Compare: x > 0, tf.not_equal(x, 0).",
                )
            )
        branches = {value: Branch(predicate, value, graph.branch) for value in functions}
        built = {value: built_in(graph, branches[value], functions[value]) for value in functions}
        check_agreement(built[True][0], built[False][0])
        results = [
            merge({True: (branches[True], if_true), False: (branches[False], if_false)})
            for if_true, if_false in zip(built[True][0], built[False][0], strict=True)
        ]
    kind = built[True][1]
    single = kind is None or (len(results) == 1 and not strict)
    return results[0] if single else tuple(results) if kind is tuple else results


def built_in(graph: Graph, branch: Branch, function: Any) -> tuple[list[Tensor], type | None]:
    """What a branch's function returns, as tensors of that branch; and list or tuple if it was."""
    with graph.inside(branch):
        returned = function()
        if returned is None:
            which = "true_fn" if branch.value else "false_fn"
            raise ValueError(f"{which} must have a return value.")
        listed = next((kind for kind in (tuple, list) if isinstance(returned, kind)), None)
        tensors = []
        for item in returned if listed else [returned]:
            if isinstance(item, Operation):
                with graph.control_dependencies([item]):
                    item = graph.constant(branch.value)
                    tensors.append(identity(item))
            else:
                tensor = item if isinstance(item, Operand) else as_tensor(item, graph)
                tensors.append(identity(tensor))
    return tensors, listed


def check_agreement(true: list[Tensor], false: list[Tensor]) -> None:
    if len(true) != len(false):
        raise ValueError(
            "The two structures don't have the same nested structure.\n"
            "true_fn and false_fn must return the same number of outputs: "
            f"{len(true)}, {len(false)}"
        )
    for a, b in zip(true, false, strict=True):
        if a.dtype is not b.dtype:
            raise ValueError(
                advise(
                    "Outputs of true_fn and false_fn must have the same type: "
                    f"{a.dtype.name}, {b.dtype.name}",
                    b.op,
                )
            )
