"""Control of a run: branches, groups, Python functions, prints, gradients of your own.

The operations behind `cond` are in `nbgrad.ops.control`: both branches are part of the graph, and
a run calls those of one of them.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nbgrad.core.dtypes import as_dtype
from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph, Operand, Operation, Tensor, get_default_graph, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.scopes import Branch
from nbgrad.core.shapes import brackets
from nbgrad.ops.control import identity, merge_branches
from nbgrad.tf1.signatures import takes


@takes("pred, true_fn=None, false_fn=None, strict=False, name=None, fn1=None, fn2=None")
def cond(pred, true_fn=None, false_fn=None, strict=False, name=None) -> Any:
    """The result of one function where a predicate is true, else that of another one.

    Unlike with `where`, the operations of only one branch run: the other can neither fail
    nor send a NaN back.

    `pred` is a scalar tensor of bool. The functions take no arguments and return a tensor or a list
    of tensors, of the same number and dtypes in both; `strict` says whether a list of one tensor
    stays a list.

    >>> x = tf.placeholder(tf.float32, [])
    >>> y = tf.cond(x > 0, lambda: x * x, lambda: -x)
    >>> print(*tf.Session().run(tf.gradients(y, x), {x: 3.0}))
    6.0
    """
    functions = {True: true_fn, False: false_fn}
    for value, function in functions.items():
        if not callable(function):
            raise TypeError(f"{'true' if value else 'false'}_fn must be callable.")
    if isinstance(pred, bool):
        advice = "Python knows the answer already: use `if`, and build one branch only."
        raise TypeError(advise("pred must not be a Python bool", advice=advice))
    graph = graph_of(pred)
    with graph.name_scope(name or "cond"):
        predicate = checked_predicate(graph, pred)
        branches = {value: Branch(predicate, value, graph.branch) for value in functions}
        (if_true, kind), (if_false, _) = (
            build_branch(graph, branches[value], function) for value, function in functions.items()
        )
        check_agreement(if_true, if_false)
        results = [
            merge_branches({True: (branches[True], x), False: (branches[False], y)})
            for x, y in zip(if_true, if_false, strict=True)
        ]
    single = kind is None or (len(results) == 1 and not strict)
    return results[0] if single else tuple(results) if kind is tuple else results


def case(pred_fn_pairs, default=None, exclusive=False, strict=False, name="case") -> Any:
    """The result of the first function whose predicate is true, else that of `default`.

    The pairs of predicate and function are a list, or a dictionary. Without `default`, and with
    `exclusive`, a run fails unless a predicate, and only one, is true; `strict` is as for `cond`.

    >>> x = tf.constant(3.0)
    >>> y = tf.case([(x < 0, lambda: -x), (x < 1, lambda: x)], default=lambda: x * x)
    >>> print(tf.Session().run(y))
    9.0
    """
    pairs = list(pred_fn_pairs.items() if isinstance(pred_fn_pairs, dict) else pred_fn_pairs)
    for pair in pairs:
        if not (isinstance(pair, tuple) and len(pair) == 2 and callable(pair[1])):
            raise TypeError(f"Each entry in pred_fn_pairs must be a 2-tuple, not {pair!r}")
    graph = graph_of(*(predicate for predicate, _ in pairs))
    with graph.as_default(), graph.name_scope(name):
        predicates = [checked_predicate(graph, predicate) for predicate, _ in pairs]
        guards = case_guards(predicates, exclusive, needed=default is None)
        functions = [function for _, function in pairs]
        chosen = default or functions.pop()
        if guards:
            with graph.control_dependencies(guards):
                predicates[0] = identity(predicates[0])
        for predicate, function in reversed([*zip(predicates, functions, strict=False)]):
            chosen = functools.partial(cond, predicate, function, chosen, strict=strict)
        return chosen()


def case_guards(predicates: list[Tensor], exclusive: bool, needed: bool) -> list[Operation]:
    """Operations that fail where more than one predicate is true, or none."""

    def check(*values: bool) -> bool:
        problem = "More than one condition evaluated as True but exclusive=True"
        if (exclusive and sum(values) > 1) or (needed and not any(values)):
            few = "None of the conditions evaluated as True"
            shown = ", ".join(str(bool(value)) for value in values)
            raise ValueError(f"{few if not any(values) else problem}.  Conditions: {shown}")
        return True

    return [py_func(check, predicates, "bool", name="assert").op] if exclusive or needed else []


def checked_predicate(graph: Graph, pred) -> Tensor:
    predicate = as_tensor(pred, graph, name="pred_id")
    if not predicate.dtype.is_bool:
        problem = (
            f"Input 'pred' of 'Switch' Op has type {predicate.dtype.name} that does not match "
            "expected type of bool."
        )
        raise TypeError(advise(problem, predicate.op, "Compare: x > 0, tf.not_equal(x, 0)."))
    if predicate.static_shape:
        shape = brackets(predicate.static_shape)
        problem = (
            f"Shape must be rank 0 but is rank {len(predicate.static_shape)} for 'cond/Switch' "
            f"(op: 'Switch') with input shapes: {shape}, {shape}."
        )
        advice = (
            "cond takes one branch for all: choose by tf.reduce_all(pred), or element by element "
            "with tf.where."
        )
        raise ValueError(advise(problem, predicate.op, advice))
    return predicate


def build_branch(graph: Graph, branch: Branch, function) -> tuple[list[Tensor], type | None]:
    """A branch's results as tensors of the branch; and list or tuple, if it returned one."""
    with graph.inside(branch):
        returned = function()
        if returned is None:
            which = "true_fn" if branch.value else "false_fn"
            raise ValueError(f"{which} must have a return value.")
        kind = next((kind for kind in (tuple, list) if isinstance(returned, kind)), None)
        tensors = []
        for item in returned if kind else [returned]:
            if isinstance(item, Operation):
                with graph.control_dependencies([item]):
                    item = graph.constant(branch.value)
                    tensors.append(identity(item))
            else:
                tensor = item if isinstance(item, Operand) else as_tensor(item, graph)
                tensors.append(identity(tensor))
    return tensors, kind


def check_agreement(true: list[Tensor], false: list[Tensor]) -> None:
    if len(true) != len(false):
        raise ValueError(
            "The two structures don't have the same nested structure.\ntrue_fn and false_fn must "
            f"return the same number of outputs: {len(true)}, {len(false)}"
        )
    for a, b in zip(true, false, strict=True):
        if a.dtype is not b.dtype:
            both = f"{a.dtype.name}, {b.dtype.name}"
            problem = f"Outputs of true_fn and false_fn must have the same type: {both}"
            raise ValueError(advise(problem, b.op))


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator for a function that returns its result *and* the rule for its gradient.

    `f` takes tensors and returns `(y, grad)`: y is a tensor or a list of them, `grad` takes the
    gradient that reached each y, and returns one for each argument of `f`. The decorated function
    returns y alone; `gradients` uses the rule in place of what is inside.

    >>> @tf.custom_gradient
    ... def clipped_on_the_way_back(x):
    ...     return tf.identity(x), lambda dy: tf.clip_by_value(dy, -0.1, 0.1)
    >>> x = tf.constant(3.0)
    >>> y = clipped_on_the_way_back(x) * 5.0
    >>> print(*tf.Session().run(tf.gradients(y, x)))
    0.1
    """

    @functools.wraps(f)
    def decorated(*args, **options) -> Any:
        graph = graph_of(*args)
        with graph.as_default():
            inputs = [as_tensor(arg, graph) for arg in args]
            result, grad = f(*inputs, **options)
            many = isinstance(result, list | tuple)
            outputs = [as_tensor(y, graph) for y in (result if many else [result])]

            def rule(_op, *dzs: Tensor) -> list[Any]:
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
        return passed[: len(outputs)] if many else passed[0]

    return decorated


def control_dependencies(
    control_inputs: Iterable[Operand | Operation] | None,
) -> contextlib.AbstractContextManager[None]:
    """A `with` inside which new operations run after others, though they read nothing of them.

    These are tensors, variables or operations; None lifts every such rule. An operation created
    before is not affected, even if it is used inside.

    >>> w = tf.Variable(1.0)
    >>> with tf.control_dependencies([w.assign(5.0)]):
    ...     after = w.read_value()
    >>> with tf.Session() as session:
    ...     session.run(w.initializer)
    ...     print(session.run(after))
    5.0
    """
    return get_default_graph().control_dependencies(control_inputs)


def no_op(name=None) -> Operation:
    """An operation that does nothing, after its control dependencies.

    >>> print(tf.Session().run(tf.no_op()))
    None
    """
    return get_default_graph().apply("NoOp", name=name)


def group(*inputs, name=None) -> Operation:
    """An operation that runs all of its inputs: tensors, variables, operations or lists of them.

    >>> a, b = tf.Variable(1.0), tf.Variable(2.0)
    >>> with tf.Session() as session:
    ...     session.run(tf.group(a.initializer, b.initializer))
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
    graph = graph_of_any(flat)
    with graph.control_dependencies(flat):
        return graph.apply("NoOp", name=name or "group_deps")


def tuple_(
    tensors: Sequence[Any], name=None, control_inputs: Sequence[Any] | None = None
) -> list[Tensor | None]:
    """The tensors of a list, none of which is to be had before all are computed.

    What is None stays None. `control_inputs` must have run before, too.

    >>> print(*tf.Session().run(tf.tuple([tf.constant(1.0), tf.constant(2.0)])))
    1.0 2.0
    """
    present = [tensor for tensor in tensors if tensor is not None]
    if not present:
        raise ValueError(f"Must have at least one Tensor: {[*tensors]}")
    graph = graph_of_any(present)
    with (
        graph.name_scope(name or "tuple"),
        graph.control_dependencies([group(*present, *(control_inputs or ()))]),
    ):
        return [None if t is None else identity(t, name="control_dependency") for t in tensors]


def graph_of_any(items: Sequence[Any]) -> Graph:
    """The graph of the first tensor or operation in a list, where there is one."""
    for item in items:
        if isinstance(item, Operation):
            return item.graph
    return graph_of(*items)


@takes("func, inp, Tout, stateful=True, name=None")
def py_func(func: Callable[..., Any], inp: Sequence[Any], Tout, name=None) -> Any:  # noqa: N803
    """The result of a Python function of NumPy arrays, called in every run.

    No gradient passes it, unless `gradient_override_map({"PyFunc": …})` gives it a rule.

    It takes the values of the tensors in `inp`, and returns an array of the dtype `Tout`, or a list
    of arrays where `Tout` is a list. What it raises becomes an InvalidArgumentError or, but for
    ValueError and TypeError, an UnknownError.

    >>> y = tf.py_func(lambda x: x + 1, [tf.constant(2.0)], tf.float32)
    >>> print(tf.Session().run(y))
    3.0
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func to be of type {type(func)}")
    graph = graph_of(*inp)
    tensors = [as_tensor(item, graph, name="input") for item in inp]
    many = isinstance(Tout, list | tuple)
    dtypes = tuple(as_dtype(dtype) for dtype in (Tout if many else [Tout]))
    results = graph.apply("PyFunc", *tensors, func=func, Tout=dtypes, name=name)
    return results if many else results[0]


def Print(input_, data, message=None, first_n=None, summarize=None, name=None) -> Any:  # noqa: N802
    """A tensor as it is, that prints other tensors each time it is computed.

    Gradients pass it. Fetch the result or use it: a `Print` that nothing needs prints nothing. On
    the standard error stream stand `message` and then, `first_n` times at most, the first elements
    (`summarize`, 3 by default) of each tensor in `data`.

    >>> x = tf.constant([1.0, 2.0])
    >>> print(tf.Session().run(tf.Print(x, [x], "x is ")))  # on the error stream: x is [1.0 2.0]
    [1. 2.]
    """
    limits = {"first_n": -1 if first_n is None else first_n, "summarize": summarize or 3}
    say: dict[str, Any] = {"message": message or "", "counter": itertools.count(), **limits}
    return graph_of(input_, *data).apply("Print", input_, *data, **say, name=name)
