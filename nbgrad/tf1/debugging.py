"""`tf.debugging`: operations that fail in a run, or at once, where something does not hold.

An assertion is an operation without a result: what should wait for it is built in a `with
tf.control_dependencies([assertion])`. What is known while the graph is built is checked there.
`data` are the tensors and texts that the error shows, `summarize` elements of each (3 by default);
`message` comes before them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nbgrad.core.dtypes import as_dtype
from nbgrad.core.errors import InvalidArgumentError, advise, invalid
from nbgrad.core.graph import Operation, Tensor, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import show
from nbgrad.ops.control import check_numerics
from nbgrad.ops.logic import (
    equal,
    greater,
    greater_equal,
    is_finite,
    is_inf,
    is_nan,
    less,
    less_equal,
    not_equal,
)
from nbgrad.ops.shaping import rank as rank_operation
from nbgrad.tf1.control import no_op, py_func
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.loops import values_known
from nbgrad.tf1.math import abs, add, multiply, reduce_all, subtract
from nbgrad.tf1.signatures import called

# fmt: off
__all__ = [
    "Assert", "assert_equal", "assert_greater", "assert_greater_equal", "assert_integer",
    "assert_less", "assert_less_equal", "assert_near", "assert_negative", "assert_non_negative",
    "assert_non_positive", "assert_none_equal", "assert_positive", "assert_rank",
    "assert_rank_at_least", "assert_scalar", "assert_type", "check_numerics", "is_finite",
    "is_inf", "is_nan",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("debugging", __all__)


def Assert(condition, data, summarize=None, name=None) -> Operation:  # noqa: N802
    """An operation that fails in a run where a condition is false, and shows `data`.

    >>> x = tf.constant([1.0, -2.0])
    >>> tf.Session().run(tf.Assert(tf.reduce_all(x > 0), ["a negative x:", x]))
    Traceback (most recent call last):
    nbgrad.core.errors.InvalidArgumentError: assertion failed: [a negative x:] [1 -2]...
    """
    graph = graph_of(condition, *data)
    most = summarize or 3

    def check(holds: Any, *values: Any) -> bool:
        if not np.all(holds):
            shown = " ".join(shown_in_brackets(value, most) for value in values)
            raise invalid(f"assertion failed: {shown}")
        return True

    tensors = [as_tensor(each, graph, name="data") for each in (condition, *data)]
    return py_func(check, tensors, "bool", name=name or "Assert").op


def shown_in_brackets(value: Any, most: int) -> str:
    """The first elements of an array, as TensorFlow prints them."""
    flat = np.ravel(value).tolist()
    texts = [each.decode() if isinstance(each, bytes) else f"{each:.6g}" for each in flat[:most]]
    return f"[{' '.join(texts)}{'...' if len(flat) > most else ''}]"


def asserted(
    condition: Tensor, sentence: str, shown: dict[str, Tensor], data=None, summarize=None
) -> Operation:
    """An assertion of a condition on some tensors; an error at once where numbers refute it."""
    if not values_known([condition], {}, set()).get(condition, True):
        known = values_known([*shown.values()], {}, set())
        lines = [f"{key} ({x.name}) = \n{known[x]}" for key, x in shown.items()]
        raise InvalidArgumentError(None, condition.op, "\n".join([sentence, *lines]))
    if data is None:
        named = [part for key, x in shown.items() for part in (f"{key} ({x.name}) = ", x)]
        data = [*sentence.split("\n"), *named]
    return Assert(condition, data, summarize, name="Assert")


def comparison(word: str, sign: str, holds: Callable[..., Any], example: str) -> Any:
    """The assertion that a comparison holds for each pair of elements."""

    def check(x, y, data=None, summarize=None, message=None, name=None) -> Operation:
        graph = graph_of(x, y)
        with graph.name_scope(name or f"assert_{word}"):
            x = as_tensor(x, graph, name="x")
            y = as_tensor(y, graph, x.dtype, name="y")
            sentence = f"Condition x {sign} y did not hold element-wise:"
            lines = f"{message}\n{sentence}" if message else sentence
            return asserted(reduce_all(holds(x, y)), lines, {"x": x, "y": y}, data, summarize)

    return called(f"assert_{word}", DOCUMENTATION.format(word, f"x {sign} y", example))(check)


def sign_check(word: str, sign: str, holds: Callable[..., Any], example: str) -> Any:
    """The assertion that each element compares so with zero."""

    def check(x, data=None, summarize=None, message=None, name=None) -> Operation:
        graph = graph_of(x)
        with graph.name_scope(name or f"assert_{word}"):
            x = as_tensor(x, graph, name="x")
            sentence = f"Condition x {sign} 0 did not hold element-wise:"
            lines = f"{message}\n{sentence}" if message else sentence
            return asserted(reduce_all(holds(x, 0)), lines, {"x": x}, data, summarize)

    return called(f"assert_{word}", DOCUMENTATION.format(word, f"x {sign} 0", example))(check)


DOCUMENTATION = """An operation that fails in a run unless {1} for each element.

    >>> with tf.control_dependencies([tf.assert_{0}({2})]):
    ...     y = tf.constant(1.0)
    >>> print(tf.Session().run(y))
    1.0
    """

assert_equal = comparison("equal", "==", equal, "[1, 2], [1, 2]")
assert_none_equal = comparison("none_equal", "!=", not_equal, "[1, 2], [2, 1]")
assert_less = comparison("less", "<", less, "[1, 2], 3")
assert_less_equal = comparison("less_equal", "<=", less_equal, "[1, 2], 2")
assert_greater = comparison("greater", ">", greater, "[1, 2], 0")
assert_greater_equal = comparison("greater_equal", ">=", greater_equal, "[1, 2], 1")
assert_positive = sign_check("positive", ">", greater, "[1, 2]")
assert_negative = sign_check("negative", "<", less, "[-1, -2]")
assert_non_negative = sign_check("non_negative", ">=", greater_equal, "[0, 2]")
assert_non_positive = sign_check("non_positive", "<=", less_equal, "[0, -2]")


def assert_near(
    x, y, rtol=None, atol=None, data=None, summarize=None, message=None, name=None
) -> Operation:
    """An operation that fails in a run unless |x − y| ≤ atol + rtol · |y| for each element.

    Both are 10 ε of the dtype where they are not given.

    >>> print(tf.Session().run(tf.assert_near([1.0], [1.0000001])))
    None
    """
    graph = graph_of(x, y)
    with graph.name_scope(name or "assert_near"):
        x = as_tensor(x, graph, name="x")
        y = as_tensor(y, graph, x.dtype, name="y")
        ten = 10 * float(np.finfo(x.dtype.as_numpy_dtype).eps)
        rtol, atol = (ten if each is None else each for each in (rtol, atol))
        far = add(multiply(abs(y), rtol), atol)
        sentence = f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}"
        lines = f"{message}\n{sentence}" if message else sentence
        near = reduce_all(less_equal(abs(subtract(x, y)), far))
        return asserted(near, lines, {"x": x, "y": y}, data, summarize)


def assert_rank(
    x, rank, data=None, summarize=None, message=None, name=None, *, or_more=False
) -> Operation:
    """An operation that fails unless x has so many axes; at once where that is known.

    >>> print(tf.Session().run(tf.assert_rank([1.0, 2.0], 1)))
    None
    """
    graph = graph_of(x)
    with graph.name_scope(name or f"assert_rank{'_at_least' * or_more}"):
        x = as_tensor(x, graph, name="x")
        wanted = f"at least {rank}" if or_more else rank
        sentence = f"{message}.  " if message else ""
        sentence += f"Tensor {x.name} must have rank {wanted}."
        known = x.static_shape
        if known is not None and not (len(known) == rank or (or_more and len(known) > rank)):
            found = f"Received rank {len(known)}, shape {show(known)}"
            raise ValueError(advise(f"{sentence}  {found}", x.op))
        axes = rank_operation(x)
        holds = greater_equal(axes, rank) if or_more else equal(axes, rank)
        return asserted(holds, sentence, {"x": x}, data, summarize)


def assert_rank_at_least(x, rank, data=None, summarize=None, message=None, name=None) -> Operation:
    """An operation that fails unless x has so many axes or more; at once where that is known.

    >>> print(tf.Session().run(tf.assert_rank_at_least([1.0, 2.0], 0)))
    None
    """
    return assert_rank(x, rank, data, summarize, message, name, or_more=True)


def assert_scalar(tensor, name=None, message=None) -> Tensor:
    """The tensor, which is refused at once if it is known to have axes.

    >>> print(tf.assert_scalar(tf.constant(1.0)).shape)
    ()
    """
    x = as_tensor(tensor, graph_of(tensor), name="tensor")
    if x.static_shape:
        problem = f"Expected scalar shape for {x.name}, saw shape: {show(x.static_shape)}."
        raise ValueError(advise(f"{message or ''}{problem}", x.op))
    return x


def assert_type(tensor, tf_type, message=None, name=None) -> Operation:
    """An operation that does nothing: a tensor of another dtype is refused at once.

    >>> print(tf.Session().run(tf.assert_type(1.0, tf.float32)))
    None
    """
    x = as_tensor(tensor, graph_of(tensor), name="tensor")
    if x.dtype is not as_dtype(tf_type):
        problem = f"{x.name} must be of type {as_dtype(tf_type)!r}; got {x.dtype!r}"
        raise TypeError(advise(f"{message or ''}  {problem}".lstrip(), x.op, "Use tf.cast."))
    return no_op(name=name or "statically_determined_correct_type")


def assert_integer(x, message=None, name=None) -> Operation:
    """An operation that does nothing: a tensor that holds no integers is refused at once.

    >>> print(tf.Session().run(tf.assert_integer(3)))
    None
    """
    x = as_tensor(x, graph_of(x), name="x")
    if not x.dtype.is_integer:
        problem = f'Expected "x" to be integer type.  Found: {x.name} of dtype {x.dtype!r}'
        raise TypeError(advise(f"{message or ''}  {problem}".lstrip(), x.op, "Use tf.cast."))
    return no_op(name=name or "statically_determined_was_integer")
