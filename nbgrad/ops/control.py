"""What passes a tensor on: copies that check or stop, branches, and the learner's own Python.

`cond` runs one of two branches. Both are part of the graph, as in TensorFlow; their operations know
which branch they belong to, and a plan calls them only when it is taken. What a branch reads from
outside comes in through a "Switch", what leaves passes a "Merge", and each is the other's gradient:
where the branch was not taken, zero flows out of its switch.
"""

import sys
from typing import Any

import numpy as np

from nbgrad.core import errors
from nbgrad.core.dtypes import as_dtype, string, text_as_bytes
from nbgrad.core.graph import Tensor
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.scopes import Branch, changed
from nbgrad.core.shapes import Shape
from nbgrad.core.traits import Effect
from nbgrad.ops.define import elementwise, operation
from nbgrad.ops.sources import zeros_like


@elementwise("Identity", "=", "{input}", dtypes="T->T", rule=lambda dz, x, z: dz)
def identity(input):
    """The same tensor again, z = x, as an operation of its own.

    >>> print(tf.Session().run(tf.identity([1.0, 2.0])))
    [1. 2.]
    """
    return input


@elementwise("StopGradient", "‖", "stop({input})", dtypes="T->T", differentiable=False)
def stop_gradient(input):
    """The same tensor, z = x, through which no gradient passes back.

    >>> x = tf.constant(3.0)
    >>> print(*tf.Session().run(tf.gradients(tf.stop_gradient(x) * x, x)))
    3.0
    """
    return input


@elementwise("PreventGradient", "✋", "{input}", dtypes="T->T")
def prevent_gradient(input, *, message=""):
    """z = x, behind which asking for a gradient is an error"""
    return input


@RegisterGradient("PreventGradient")
def _prevent_gradient_grad(op, dz):
    reason = op.attributes["message"].encode()
    raise LookupError(errors.advise(f"Gradient explicitly disabled. Reason: {reason}", op))


@elementwise("CheckNumerics", "✓", "{tensor}", dtypes="F->F")
def check_numerics(tensor, *, message):
    """The same tensor, and an error in a run if an element of it or of its gradient is not finite.

    >>> print(tf.Session().run(tf.check_numerics([1.0, 2.0], "here")))
    [1. 2.]
    """
    found = ["Inf"] * bool(np.isinf(tensor).any()) + ["NaN"] * bool(np.isnan(tensor).any())
    if found:
        raise errors.invalid(f"{message} : Tensor had {' and '.join(found)} values")
    return tensor


@RegisterGradient("CheckNumerics")
def _check_numerics_grad(op, dz):
    return check_numerics(dz, "Not a number (NaN) or infinity (Inf) values detected in gradient.")


# Branches


@operation("Switch", "↘", "{data}", effect=Effect.ENTERS_BRANCH)
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


def _merge_shape(_predicate: Shape, true: Shape, false: Shape, **_attributes: Any) -> Shape:
    if true is None or false is None or len(true) != len(false):
        return None
    return tuple(m if m == n else None for m, n in zip(true, false, strict=True))


@operation(
    "Merge",
    "?",
    "({if_true} if {pred} else {if_false})",
    dtypes="bool,T,T->T",
    shape=_merge_shape,
    effect=Effect.LEAVES_BRANCH,
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


@operation("NoOp", "·", dtypes="->")
def _no_op():
    """Nothing, after all that it waits for"""


@operation(
    "IdentityN",
    "=",
    "({inputs})",
    dtypes="A->T*",
    shape=lambda *shapes, **_attributes: list(shapes),
)
def _identity_n(*inputs, T, gradient=None, stands_for=None):  # noqa: N803
    """z₀, z₁, … = x₀, x₁, …, with a gradient of the learner's own"""
    return list(inputs)


@RegisterGradient("IdentityN")
def _identity_n_grad(op, *dzs):
    rule = op.attributes["gradient"]
    return list(dzs) if rule is None else changed(op.graph, lines=None)(rule)(op, *dzs)


#: How TensorFlow reports an error of the function, by Python's class of it.
KINDS: dict[type[Exception] | tuple[type[Exception], ...], type[errors.OpError]] = {
    (ValueError, TypeError): errors.InvalidArgumentError,
    StopIteration: errors.OutOfRangeError,
    MemoryError: errors.ResourceExhaustedError,
    NotImplementedError: errors.UnimplementedError,
    Exception: errors.UnknownError,
}


@operation(
    "PyFunc",
    dtypes="A->Tout*",
    shape=lambda *_shapes, func, Tout: [None] * len(Tout),  # noqa: N803
    effect=Effect.CALLS_PYTHON,
    symbol="py",
    differentiable=False,
)
def _py_func(*input, func, Tout):  # noqa: N803
    """z₀, z₁, … = what a Python function makes of the arrays x₀, x₁, …"""
    try:
        # Copies, which it may change; a text alone is bytes, which many functions `decode`.
        returned = func(*(x if isinstance(x, bytes) else np.array(x) for x in input))
    except errors.OpError:
        raise
    except Exception as error:
        kind = next(kind for python, kind in KINDS.items() if isinstance(error, python))
        raise kind(None, None, f"{type(error).__name__}: {error}") from error
    values = list(returned) if isinstance(returned, list | tuple) else [returned]
    if returned is None:
        values = []  # did it forget its return?
    if len(values) != len(Tout):
        sizes = f"{len(values)} values, but expects to see {len(Tout)} values."
        raise errors.invalid(f"{python_name(func)} returns {sizes}")
    pairs = enumerate(zip(values, Tout, strict=True))
    return [_returned_as(i, value, dtype, func) for i, (value, dtype) in pairs]


def python_name(function):
    """The name of a function, of the one inside where it is a partial, or of its class."""
    inner = getattr(function, "func", function)
    return getattr(inner, "__name__", type(inner).__name__)


def _returned_as(position, value, dtype, func):
    """A value that the function returned, of the dtype that was said."""
    if dtype is string:
        return text_as_bytes(np.array(value, dtype=object))
    array = np.array(value)  # what the function keeps, it may change later
    if array.dtype != np.dtype(dtype.as_numpy_dtype):
        kinds = f"is {as_dtype(array.dtype).name}, but expects {dtype.name}"
        advice = f"Return np.{dtype.name}(…), or change Tout."
        raise errors.invalid(
            f"{position}-th value returned by {python_name(func)} {kinds}\n{advice}"
        )
    return array


@operation("Print", "print", "{input}", dtypes="T,A->T", effect=Effect.CALLS_PYTHON)
def _print(input, *data, message, first_n, summarize, counter):
    """z = x, and the values of other tensors are printed"""
    if first_n < 0 or next(counter) < first_n:
        for each in map(np.ravel, data):
            shown = " ".join(map(str, each[:summarize].tolist()))
            message += f"[{shown}...]" if each.size > summarize else f"[{shown}]"
        sys.stderr.write(f"{message}\n")
    return input


@RegisterGradient("Print")
def _print_grad(op, dz):
    return [dz] + [None] * (len(op.inputs) - 1)
