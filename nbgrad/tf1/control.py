"""A choice made at run time: `cond` runs one of two branches, and only that one.

Both branches are part of the graph, as in TensorFlow; their operations know which branch they
belong to, and a plan calls them only when it is taken. What a branch reads from outside comes
in through a "Switch", what leaves passes a "Merge", and each is the other's gradient: where
the branch was not taken, zero flows out of its switch.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.dtypes import as_dtype
from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph, Operand, Operation, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.scopes import Branch
from nbgrad.ops.control import merge
from nbgrad.ops.copying import identity


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


def identity_n(
    input: Any, name: str | None = None, gradient: Callable[..., Any] | None = None
) -> list[Tensor]:
    """The tensors of a list, each as it is; `gradient` may be their rule for all at once."""
    graph = graph_of(input)
    tensors = [as_tensor(item, graph) for item in input]
    dtypes = tuple(tensor.dtype for tensor in tensors)
    return graph.apply("IdentityN", *tensors, T=dtypes, gradient=gradient, name=name)


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator for a function that returns its result *and* the rule for its gradient.

    Parameters
    ----------
    f : callable
        From tensors to `(y, grad)`. `y` is a tensor or a list of them; `grad` takes the
        gradient that reached each y, and returns one for each argument of `f`.

    Returns
    -------
    callable
        The function without the rule; `gradients` uses the rule in place of what is inside.

    Examples
    --------
    >>> import nbgrad as ng
    >>> @ng.custom_gradient
    ... def clipped_on_the_way_back(x):
    ...     return ng.identity(x), lambda dy: ng.clip_by_value(dy, -0.1, 0.1)
    >>> with ng.Graph().as_default():
    ...     x = ng.constant(3.0)
    ...     y = clipped_on_the_way_back(x) * 5.0
    ...     print(*ng.Session().run(ng.gradients(y, x)))
    0.1
    """

    @functools.wraps(f)
    def decorated(*args: Any, **options: Any) -> Any:
        graph = graph_of(*args)
        with graph.as_default():
            inputs = [as_tensor(arg, graph) for arg in args]
            result, grad = f(*inputs, **options)
            listed = isinstance(result, list | tuple)
            outputs = [as_tensor(y, graph) for y in (result if listed else [result])]

            def rule(_op: Any, *dzs: Tensor) -> list[Any]:
                returned = grad(*dzs[: len(outputs)])
                dxs = list(returned) if isinstance(returned, list | tuple) else [returned]
                return [None] * len(outputs) + dxs

            # The arguments pass through beside the results, so that the rule's gradients
            # arrive at them; what is inside the function receives none.
            passing = [*outputs, *inputs]
            passed = graph.apply(
                "IdentityN",
                *passing,
                T=tuple(tensor.dtype for tensor in passing),
                gradient=rule,
                stands_for=(getattr(f, "__name__", "function").strip("<>"), len(outputs)),
            )
        return passed[: len(outputs)] if listed else passed[0]

    return decorated


def no_op(name: str | None = None) -> Operation:
    """An operation that does nothing, after its control dependencies.

    Parameters
    ----------
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Operation
        Fetched, it gives None.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.no_op()))
    None
    """
    result: Operation = get_default_graph().apply("NoOp", name=name)
    return result


def group(*inputs: Any, name: str | None = None) -> Operation:
    """An operation that runs all of its inputs.

    Parameters
    ----------
    *inputs : Tensor, Variable or Operation, or lists of them
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Operation
        Fetched, it gives None.

    Raises
    ------
    TypeError
        If one of the inputs is no tensor, variable or operation.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     a, b = ng.Variable(1.0), ng.Variable(2.0)
    ...     session.run(ng.group(a.initializer, b.initializer))
    ...     print(session.run(a + b))
    3.0
    """
    flat = [item for i in inputs for item in (i if isinstance(i, list | tuple) else [i])]
    for item in flat:
        if not isinstance(item, Operand | Operation):
            raise TypeError(
                f"Expected tf.group() expected Tensor arguments not '{item}' with type "
                f"'{type(item)}'\nIt takes tensors, variables and operations."
            )
    graph = home_of(flat)
    with graph.control_dependencies(flat):
        result: Operation = graph.apply("NoOp", name=name or "group_deps")
    return result


def tuple_(
    tensors: Sequence[Any], name: str | None = None, control_inputs: Sequence[Any] | None = None
) -> list[Tensor | None]:
    """The tensors of a list, none of which is to be had before all are computed.

    Parameters
    ----------
    tensors : list of Tensor or None
    name : str, optional
        What the operations are called in the graph.
    control_inputs : list of Tensor or Operation, optional
        What must have run before, too.

    Returns
    -------
    list of Tensor or None
        Of the same dtypes and shapes; what was None is None still.

    Raises
    ------
    ValueError
        If the list holds no tensor at all.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(*session.run(tf.tuple([tf.constant(1.0), tf.constant(2.0)])))
    1.0 2.0
    """
    present = [tensor for tensor in tensors if tensor is not None]
    if not present:
        raise ValueError(f"Must have at least one Tensor: {[*tensors]}")
    graph = home_of(present)
    with graph.name_scope(name or "tuple"):
        with graph.control_dependencies([*present, *(control_inputs or ())]):
            gate = graph.apply("NoOp", name="group_deps")
        with graph.control_dependencies([gate]):
            return [None if t is None else identity(t, name="control_dependency") for t in tensors]


def home_of(items: Sequence[Any]) -> Graph:
    """The graph of the first tensor or operation in a list."""
    for item in items:
        if isinstance(item, Operation):
            return item.graph
    return graph_of(*items)


def py_func(
    func: Callable[..., Any],
    inp: Sequence[Any],
    Tout: Any,  # noqa: N803 - TensorFlow's name
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """The result of a Python function of NumPy arrays, called in every run.

    No gradient passes it, unless `gradient_override_map({"PyFunc": …})` gives it a rule.

    Parameters
    ----------
    func : callable
        From NumPy arrays to one, or to a list of them.
    inp : list of tensor_like of any dtype
        The tensors to call it with.
    Tout : DType, or list of them
        The dtype of its result; a list where it returns a list.
    stateful : bool, default True
        Accepted as in TensorFlow, and without effect.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor, or list of them
        Of dtype `Tout`, and of a shape that shows in a run.

    Raises
    ------
    InvalidArgumentError
        In a run, if the function returns other dtypes or another number of arrays, or raises a
        ValueError or TypeError.
    UnknownError
        In a run, if the function raises another error.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     y = ng.py_func(lambda x: x + 1, [ng.constant(2.0)], ng.float32)
    ...     print(ng.Session().run(y))
    3.0
    """
    graph = graph_of(*inp)
    tensors = [as_tensor(item, graph, name="input") for item in inp]
    listed = isinstance(Tout, list | tuple)
    dtypes = tuple(as_dtype(dtype) for dtype in (Tout if listed else [Tout]))
    results = graph.apply("PyFunc", *tensors, func=func, Tout=dtypes, name=name)
    return results if listed else results[0]


def Print(  # noqa: N802 - TensorFlow's spelling
    input_: Any,
    data: Sequence[Any],
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Any:
    """A tensor as it is, that prints other tensors each time it is computed.

    Gradients pass it. Fetch the result or use it: a `Print` that nothing needs prints nothing.

    Parameters
    ----------
    input_ : tensor_like of any dtype
    data : list of tensor_like of any dtype
        The tensors to print, on the standard error stream.
    message : str, optional
        What stands before them.
    first_n : int, optional
        How often to print; always by default.
    summarize : int, optional
        How many elements of each tensor to print; 3 by default.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the dtype and shape of `input_`.

    Examples
    --------
    >>> import nbgrad as tf
    >>> x = tf.constant([1.0, 2.0])
    >>> with tf.Session() as session:  # and on the error stream: x is [1.0 2.0]
    ...     print(session.run(tf.Print(x, [x], "x is ")))
    [1. 2.]
    """
    return graph_of(input_, *data).apply(
        "Print",
        input_,
        *data,
        message=message or "",
        first_n=-1 if first_n is None else first_n,
        summarize=summarize or 3,
        counter=itertools.count(),
        name=name,
    )


NO_LOOP = """Refused: unroll the loop of `{name}` in Python, and see each of its turns.

Parameters
----------
*args, **options : object
    Whatever TensorFlow's function takes.

Returns
-------
Tensor
    Never.

Raises
------
NotImplementedError
    Always.

Examples
--------
>>> import nbgrad as tf
>>> x = tf.constant(2.0)
>>> for _ in range(3):
...     x = x * x
>>> with tf.Session() as session:
...     print(session.run(x))
256.0
"""


def loop_refused(name: str) -> Callable[..., NoReturn]:
    def refuse(*args: Any, **options: Any) -> NoReturn:
        raise NotImplementedError(
            f"nbgrad has no tf.{name}: unroll the loop in Python.\nA `for` loop that builds the "
            "operations of each turn gives the same gradients, and a picture of every step."
        )

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = NO_LOOP.format(name=name)
    return refuse


while_loop = loop_refused("while_loop")


scan = loop_refused("scan")


map_fn = loop_refused("map_fn")


foldl = loop_refused("foldl")


foldr = loop_refused("foldr")
