"""Loops unrolled: the graph holds the operations of every turn, and a picture shows them all.

`scan` and its kin go along the first axis of `elems`, one tensor or a nested list or tuple of
tensors, whose first sizes are equal and known; the function finds the same structure in each turn.

The others call a cell of `tf.nn.rnn_cell` for each step of a sequence. `sequence_length` says how
many steps each example has: beyond its own an example's outputs are zero, and its state stays.
`initial_state` is zero by default, of the `dtype` given.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph, Operand, Tensor, ancestors, graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.core.operators import replace_tensors
from nbgrad.core.plan_builder import UNKNOWN, fold_constants
from nbgrad.core.traits import Effect
from nbgrad.ops.logic import greater, where
from nbgrad.ops.parts import concat, stack, unstack
from nbgrad.ops.shaping import reverse, size_along
from nbgrad.tf1.signatures import takes, zeros_like
from nbgrad.tf1.variable_scope import variable_scope


@takes(
    "fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, "
    "infer_shape=True, reverse=False, name=None"
)
def scan(fn, elems, initializer=None, reverse=False, name=None) -> Any:
    """Every value of zᵢ = f(zᵢ₋₁, xᵢ), stacked; from the first element on, or from `initializer`.

    With `reverse` it begins at the last element.

    >>> print(tf.Session().run(tf.scan(lambda total, x: total + x, [1.0, 2.0, 3.0])))
    [1. 3. 6.]
    """
    with scope_of(elems, initializer, name=name or "scan"):
        turns = slices(elems, "scan")[:: -1 if reverse else 1]
        values = accumulated(fn, turns, initializer)[:: -1 if reverse else 1]
        return for_each(lambda *each: stack(list(each)), *values)


_fold = takes(
    "fn, elems, initializer=None, parallel_iterations=10, back_prop=True, swap_memory=False, "
    "name=None"
)


@_fold
def foldl(fn, elems, initializer=None, name=None) -> Any:
    """The last value of z = f(z, x), from the first element to the last.

    >>> print(tf.Session().run(tf.foldl(lambda total, x: total - x, [1.0, 2.0, 3.0])))
    -4.0
    """
    with scope_of(elems, initializer, name=name or "foldl"):
        return accumulated(fn, slices(elems, "foldl"), initializer)[-1]


@_fold
def foldr(fn, elems, initializer=None, name=None) -> Any:
    """The last value of z = f(z, x), from the last element to the first.

    >>> print(tf.Session().run(tf.foldr(lambda total, x: total - x, [1.0, 2.0, 3.0])))
    0.0
    """
    with scope_of(elems, initializer, name=name or "foldr"):
        return accumulated(fn, slices(elems, "foldr")[::-1], initializer)[-1]


@takes(
    "fn, elems, dtype=None, parallel_iterations=None, back_prop=True, swap_memory=False, "
    "infer_shape=True, name=None"
)
def map_fn(fn, elems, name=None) -> Any:
    """A function of each element, zᵢ = f(xᵢ), stacked.

    `dtype` is needed, and otherwise without effect, where the function returns another structure
    than it finds.

    >>> print(tf.Session().run(tf.map_fn(lambda x: x * x, [1.0, 2.0, 3.0])))
    [1. 4. 9.]
    """
    if not callable(fn):
        raise TypeError("fn must be callable.")
    with scope_of(elems, name=name or "map"):
        values = [fn(each) for each in slices(elems, "map_fn")]
        return for_each(lambda *each: stack(list(each)), *values)


@takes(
    "cond, body, loop_vars, shape_invariants=None, parallel_iterations=10, back_prop=True, "
    "swap_memory=False, name=None, maximum_iterations=None, return_same_structure=False"
)
def while_loop(
    cond, body, loop_vars, name=None, maximum_iterations=None, return_same_structure=False
) -> Any:
    """The loop variables after as many turns of `body` as `cond` of them is true.

    How many these are has to be known before a run: `cond` may look at what depends on numbers
    alone, such as a counter, not at what is fed, drawn or kept in a variable. A single loop
    variable is returned without its list, unless `return_same_structure`.

    >>> i, x = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, x * x), (0, 2.0))
    >>> print(tf.Session().run(x))
    256.0
    """
    for label, function in {"cond": cond, "body": body}.items():
        if not callable(function):
            raise TypeError(f"{label} must be callable.")
    if not loop_vars:
        raise ValueError("No loop variables provided")
    graph = graph_of(*nest_leaves(loop_vars))
    with graph.name_scope(name or "while"):
        state = for_each(lambda each: as_tensor(each, graph, name="loop_var"), loop_vars)
        values = values_known(nest_leaves(state), {}, set())
        for _ in range(MOST_TURNS if maximum_iterations is None else maximum_iterations):
            if not goes_on(graph, cond, state, values):
                break
            before, state = state, next_state(graph, body, state)
            unknown = set(nest_leaves(before)) - values.keys()
            values = values_known(nest_leaves(state), values, unknown)
        else:
            if maximum_iterations is None:
                raise NotImplementedError(f"tf.while_loop goes on after {MOST_TURNS:,} turns.")
    return state[0] if len(state) == 1 and not return_same_structure else state


#: The turns after which an unrolled loop is taken for an endless one.
MOST_TURNS = 1_000


def next_state(graph: Graph, body: Callable[..., Any], state: Any) -> Any:
    """The loop variables after a turn, in the structure in which they were before."""
    after = body(*state)
    if not isinstance(after, list | tuple):
        after = [after]
    try:
        return for_each(
            lambda old, new: as_tensor(new, graph, getattr(new, "dtype", old.dtype)), state, after
        )
    except (ValueError, TypeError):
        shown = f"First structure: {state}\n\nSecond structure: {after}"
        problem = f"The two structures don't have the same nested structure.\n\n{shown}"
        advice = "The body of tf.while_loop returns one tensor for each loop variable."
        raise ValueError(advise(problem, advice=advice)) from None


def goes_on(graph: Graph, cond: Callable[..., Any], state: Any, values: dict[Tensor, Any]) -> bool:
    """Whether the condition of a loop holds; its operations are forgotten behind the answer."""
    with graph.scratch():
        verdict = as_tensor(cond(*state), graph, name="cond")
        if verdict.static_shape:
            raise ValueError(f"The condition of tf.while_loop is a scalar, not {verdict}")
        known = values_known([verdict], values, set(nest_leaves(state)) - values.keys())
        if verdict not in known:
            problem = "nbgrad unrolls tf.while_loop, and only a run knows whether it goes on"
            advice = (
                "Let `cond` look at numbers alone, such as a counter; or unroll the loop in "
                "Python: a `for` loop that builds the operations of each turn."
            )
            raise NotImplementedError(advise(problem, verdict.op, advice))
        return bool(known[verdict])


def values_known(
    tensors: list[Tensor], known: dict[Tensor, Any], unknown: set[Tensor]
) -> dict[Tensor, Any]:
    """The values of those tensors that depend on numbers and on known tensors alone."""
    values = {**known, **dict.fromkeys(unknown, UNKNOWN)}
    for op in ancestors(tensors, stop=values):
        values.update(dict.fromkeys(op.outputs, UNKNOWN))
        given = [values[x] for x in op.inputs]
        if op.effect is Effect.CONSTANT:
            values[op.outputs[0]] = op.attributes["value"]
        elif op.effect is Effect.ENTERS_BRANCH:
            [values[op.outputs[0]]] = given
        elif op.effect is Effect.NONE and not (op.type in FED or any(x is UNKNOWN for x in given)):
            settings = {k: replace_tensors(v, values.get) for k, v in op.attributes.items()}
            values[op.outputs[0]] = fold_constants(op, given[: op.operand_count], settings)
    return {tensor: values[tensor] for tensor in tensors if values[tensor] is not UNKNOWN}


#: What a run may feed.
FED = ("Placeholder", "PlaceholderWithDefault")


def static_rnn(
    cell, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None
) -> tuple[Any, Any]:
    """The outputs of a cell for a list of inputs, one for each time step, and its last state.

    >>> cell = tf.nn.rnn_cell.BasicRNNCell(4)
    >>> steps = tf.unstack(tf.ones([2, 5, 3]), axis=1)
    >>> outputs, state = tf.nn.static_rnn(cell, steps, dtype=tf.float32)
    >>> print(len(outputs), state.shape)
    5 (2, 4)
    """
    if not isinstance(inputs, list | tuple):
        raise TypeError("inputs must be a sequence\nCut a tensor with tf.unstack(x, axis=1).")
    if not inputs:
        raise ValueError("inputs must not be empty")
    with variable_scope(scope or "rnn"):
        return unrolled_outputs(cell, inputs, initial_state, dtype, sequence_length)


def unrolled_outputs(cell, inputs: Sequence[Any], state, dtype, lengths) -> tuple[list[Any], Any]:
    """The outputs of a cell for its inputs, one after the other, and its last state."""
    if isinstance(cell, type) or not hasattr(cell, "zero_state"):
        raise TypeError(f"The argument 'cell' ({cell}) is not an RNNCell.")
    if state is None:
        if dtype is None:
            raise ValueError("If no initial_state is provided, dtype must be specified")
        state = cell.zero_state(size_along(inputs[0], 0), dtype)
    outputs = []
    if lengths is not None:
        lengths = as_tensor(lengths, graph_of(inputs[0], lengths), name="sequence_length")
    for time, each in enumerate(inputs):
        output, after = cell(each, state)
        if lengths is not None:
            goes_on = greater(lengths, as_tensor(time, lengths.graph, lengths.dtype, "time"))
            output = where(goes_on, output, zeros_like(output))
            after = for_each(lambda new, old, on=goes_on: where(on, new, old), after, state)
        outputs.append(output)
        state = after
    return outputs, state


@takes(
    "cell, inputs, sequence_length=None, initial_state=None, dtype=None, "
    "parallel_iterations=None, swap_memory=False, time_major=False, scope=None"
)
def dynamic_rnn(
    cell, inputs, sequence_length=None, initial_state=None, dtype=None, time_major=False, scope=None
) -> tuple[Any, Any]:
    """The outputs of a cell for inputs [example, step, feature], as one tensor, and its last state.

    With `time_major` the steps are the first axis, of the outputs too.

    >>> cell = tf.nn.rnn_cell.BasicRNNCell(4)
    >>> outputs, state = tf.nn.dynamic_rnn(cell, tf.ones([2, 5, 3]), dtype=tf.float32)
    >>> print(outputs.shape, state.shape)
    (2, 5, 4) (2, 4)
    """
    axis = 0 if time_major else 1
    x = as_tensor(inputs, graph_of(inputs), name="inputs")
    if x.static_shape is not None and len(x.static_shape) < 3:
        problem = f"Shape {x.shape} must have rank at least 3"
        advice = "Inputs are [example, step, feature]: tf.expand_dims(x, -1) adds an axis."
        raise ValueError(advise(problem, x.op, advice))
    with variable_scope(scope or "rnn"):
        steps = unstack(x, known_steps(x, axis, "dynamic_rnn"), axis)
        outputs, state = unrolled_outputs(cell, steps, initial_state, dtype, sequence_length)
        return stack(outputs, axis), state


@takes(
    "cell_fw, cell_bw, inputs, initial_state_fw=None, initial_state_bw=None, dtype=None, "
    "sequence_length=None, scope=None"
)
def static_bidirectional_rnn(cell_fw, cell_bw, inputs, **options) -> tuple[Any, Any, Any]:
    """The outputs of two cells side by side, one from the first step on, one from the last.

    Returns the outputs and the last states of both.

    >>> forward, backward = tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(4)
    >>> steps = tf.unstack(tf.ones([2, 5, 3]), axis=1)
    >>> outputs, _, _ = tf.nn.static_bidirectional_rnn(forward, backward, steps, dtype=tf.float32)
    >>> print(outputs[0].shape)
    (2, 8)
    """
    way: dict[str, Any] = {"run": static_rnn, "turned": lambda steps: list(steps)[::-1]}
    outputs, states = both_ways(cell_fw, cell_bw, inputs, **way, **options)
    return [concat(both, 1) for both in zip(*outputs, strict=True)], *states


@takes(
    "cell_fw, cell_bw, inputs, sequence_length=None, initial_state_fw=None, "
    "initial_state_bw=None, dtype=None, parallel_iterations=None, swap_memory=False, "
    "time_major=False, scope=None"
)
def bidirectional_dynamic_rnn(cell_fw, cell_bw, inputs, time_major, **options) -> tuple[Any, Any]:
    """The pair of outputs of two cells, one from the first step on, one from the last; and states.

    >>> forward, backward = tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(4)
    >>> x = tf.ones([2, 5, 3])
    >>> outputs, _ = tf.nn.bidirectional_dynamic_rnn(forward, backward, x, dtype=tf.float32)
    >>> print(tf.concat(outputs, 2).shape)
    (2, 5, 8)
    """
    axis = [0 if time_major else 1]
    way: dict[str, Any] = {"run": dynamic_rnn, "turned": lambda x: reverse(x, axis)}
    return both_ways(cell_fw, cell_bw, inputs, **way, **options, time_major=time_major)


def both_ways(
    cell_fw, cell_bw, inputs, run, turned, initial_state_fw, initial_state_bw, scope, **options
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The outputs and the states of two cells, the second of which reads the last step first."""
    if options["sequence_length"] is not None:
        raise NotImplementedError(
            "nbgrad has no bidirectional network with sequence_length.\nReverse each example in "
            "NumPy, and call tf.nn.dynamic_rnn twice."
        )
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw:
            ahead = run(cell_fw, inputs, initial_state=initial_state_fw, scope=fw, **options)
        with variable_scope("bw") as bw:
            last_first = turned(inputs)
            back = run(cell_bw, last_first, initial_state=initial_state_bw, scope=bw, **options)
    return (ahead[0], turned(back[0])), (ahead[1], back[1])


def for_each(function: Callable[..., Any], *trees) -> Any:
    """A function of the leaves of nested tuples and lists, in the same structure."""
    first = trees[0]
    if not isinstance(first, list | tuple):
        return function(*trees)
    items = [for_each(function, *each) for each in zip(*trees, strict=True)]
    return type(first)(*items) if hasattr(first, "_fields") else type(first)(items)


def accumulated(fn, turns: list[Any], value) -> list[Any]:
    """Every value of z = f(z, x); without a first value, the first element is it."""
    if not callable(fn):
        raise TypeError("fn must be callable.")
    if value is None:
        return [*itertools.accumulate(turns, fn)]
    graph = graph_of(*nest_leaves(turns))
    value = for_each(lambda each: as_tensor(each, graph, name="initializer"), value)
    return [*itertools.accumulate(turns, fn, initial=value)][1:]


def slices(elems, function: str) -> list[Any]:
    """The elements along the first axis, each in the structure of the whole."""
    # A list of numbers is a tensor; a list of tensors or arrays is a structure of several.
    several = any(isinstance(leaf, Operand | np.ndarray) for leaf in nest_leaves(elems))
    graph = graph_of(*nest_leaves(elems))
    whole = elems if several else as_tensor(elems, graph, name="elems")
    tensors = [as_tensor(leaf, graph, name="elems") for leaf in nest_leaves(whole)]
    columns = [unstack(x, known_steps(x, 0, function)) for x in tensors]
    if not all(columns):
        raise NotImplementedError(f"nbgrad unrolls tf.{function}, and there are no elements.")
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"The elems of tf.{function} have different first sizes: {tensors}")
    turns = [iter(row) for row in zip(*columns, strict=True)]
    return [for_each(lambda _, row=row: next(row), whole) for row in turns]


def nest_leaves(tree) -> list[Any]:
    """The items of nested lists and tuples, in order."""
    if isinstance(tree, list | tuple):
        return [leaf for each in tree for leaf in nest_leaves(each)]
    return [tree]


def scope_of(*values, name: str) -> Any:
    return graph_of(*nest_leaves(values)).name_scope(name)


def known_steps(x: Tensor, axis: int, function: str) -> int:
    """The number of elements along an axis, which must be known to unroll a loop."""
    shape = x.static_shape
    steps = None if shape is None or len(shape) <= axis else shape[axis]
    if steps is None:
        problem = f"nbgrad unrolls tf.{function}, and the number of steps is unknown: {x}"
        advice = (
            "Say it where the placeholder is made, as in [None, 28, 28]; or unroll the loop in "
            "Python: `for` each step, build its operations."
        )
        raise NotImplementedError(advise(problem, x.op, advice))
    return steps
