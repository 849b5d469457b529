"""Recurrent networks over sequences: a cell, called once for each time step, unrolled.

`sequence_length` says how many steps each example has: beyond its own an example's outputs are
zero, and its state stays. `initial_state` is zero by default, of the `dtype` given. The graph holds
every step, also for `dynamic_rnn`, so that a picture shows them all: their number must be known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbgrad.core.default_graph import graph_of
from nbgrad.core.operands import as_tensor
from nbgrad.ops.constants import zeros_like
from nbgrad.ops.logic import greater, where
from nbgrad.ops.parts import concat, stack, unstack
from nbgrad.ops.shaping import reverse, size_along
from nbgrad.tf1.loops import for_each, known_steps
from nbgrad.tf1.rnn_cell import RNNCell
from nbgrad.tf1.variable_scope import variable_scope


def static_rnn(
    cell: RNNCell,
    inputs: Sequence[Any],
    initial_state: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
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


def unrolled_outputs(
    cell: RNNCell, inputs: Sequence[Any], state: Any, dtype: Any, lengths: Any
) -> tuple[list[Any], Any]:
    """The outputs of a cell for its inputs, one after the other, and its last state."""
    if not isinstance(cell, RNNCell):
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


def dynamic_rnn(
    cell: RNNCell,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: Any = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """The outputs of a cell for inputs [example, step, feature], as one tensor, and its last state.

    With `time_major` the steps are the first axis, of the outputs too. `parallel_iterations` and
    `swap_memory` have no effect.

    >>> cell = tf.nn.rnn_cell.BasicRNNCell(4)
    >>> outputs, state = tf.nn.dynamic_rnn(cell, tf.ones([2, 5, 3]), dtype=tf.float32)
    >>> print(outputs.shape, state.shape)
    (2, 5, 4) (2, 4)
    """
    axis = 0 if time_major else 1
    x = as_tensor(inputs, graph_of(inputs), name="inputs")
    with variable_scope(scope or "rnn"):
        steps = unstack(x, known_steps(x, axis, "dynamic_rnn"), axis)
        outputs, state = unrolled_outputs(cell, steps, initial_state, dtype, sequence_length)
        return stack(outputs, axis), state


def static_bidirectional_rnn(
    cell_fw: RNNCell,
    cell_bw: RNNCell,
    inputs: Sequence[Any],
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """The outputs of two cells side by side, one from the first step on, one from the last.

    Returns the outputs and the last states of both.

    >>> forward, backward = tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(4)
    >>> steps = tf.unstack(tf.ones([2, 5, 3]), axis=1)
    >>> outputs, _, _ = tf.nn.static_bidirectional_rnn(forward, backward, steps, dtype=tf.float32)
    >>> print(outputs[0].shape)
    (2, 8)
    """
    refuse_lengths(sequence_length)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw:
            ahead, state_fw = static_rnn(cell_fw, inputs, initial_state_fw, dtype, None, fw)
        with variable_scope("bw") as bw:
            last_first = list(inputs)[::-1]
            back, state_bw = static_rnn(cell_bw, last_first, initial_state_bw, dtype, None, bw)
    outputs = [concat(both, 1) for both in zip(ahead, back[::-1], strict=True)]
    return outputs, state_fw, state_bw


def bidirectional_dynamic_rnn(
    cell_fw: RNNCell,
    cell_bw: RNNCell,
    inputs: Any,
    sequence_length: Any = None,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    parallel_iterations: Any = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """The pair of outputs of two cells, one from the first step on, one from the last; and states.

    >>> forward, backward = tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(4)
    >>> x = tf.ones([2, 5, 3])
    >>> outputs, _ = tf.nn.bidirectional_dynamic_rnn(forward, backward, x, dtype=tf.float32)
    >>> print(tf.concat(outputs, 2).shape)
    (2, 5, 8)
    """
    refuse_lengths(sequence_length)
    axis = 0 if time_major else 1
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw:
            options = {"dtype": dtype, "time_major": time_major, "scope": fw}
            ahead = dynamic_rnn(cell_fw, inputs, initial_state=initial_state_fw, **options)
        with variable_scope("bw") as bw:
            options = {"dtype": dtype, "time_major": time_major, "scope": bw}
            turned = reverse(inputs, [axis])
            back = dynamic_rnn(cell_bw, turned, initial_state=initial_state_bw, **options)
    return (ahead[0], reverse(back[0], [axis])), (ahead[1], back[1])


def refuse_lengths(sequence_length: Any) -> None:
    if sequence_length is not None:
        raise NotImplementedError(
            "nbgrad has no bidirectional network with sequence_length.\nReverse each example in "
            "NumPy, and call tf.nn.dynamic_rnn twice."
        )
