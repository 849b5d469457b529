"""`tf.nn.rnn_cell`, `tf.contrib.rnn`: cells, which compute one time step of a recurrent network.

A cell is a layer: `output, state = cell(inputs, state)` for inputs [example, feature] and a state
[example, unit] makes its variables at the first step and shares them at every other. `num_units` is
the size of state and output; `activation` a function or its name, tanh by default; `reuse` and
`name` are as for `tf.layers`.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence
from typing import Any

from nbgrad.core.graph import Operand, graph_of
from nbgrad.ops.activations import _bias_add, sigmoid
from nbgrad.ops.arithmetic import add, multiply, subtract
from nbgrad.ops.functions import tanh
from nbgrad.ops.parts import concat, stack
from nbgrad.tf1.base_layer import ACTIVATIONS, DeclaredLayer, Layer, declared, named, size_of
from nbgrad.tf1.convolution import dropout
from nbgrad.tf1.initializers import Constant, Zeros
from nbgrad.tf1.linalg import clip_by_value
from nbgrad.tf1.loops import for_each
from nbgrad.tf1.signatures import matmul, split, takes
from nbgrad.tf1.tensors import zeros
from nbgrad.tf1.variable_scope import variable_scope

# fmt: off
__all__ = [
    "BasicLSTMCell", "BasicRNNCell", "DropoutWrapper", "GRUCell", "LSTMCell", "LSTMStateTuple",
    "MultiRNNCell", "RNNCell", "ResidualWrapper",
]
# fmt: on
__dir__ = __all__.copy


class LSTMStateTuple(namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: its memory c and its output h.

    >>> cell = tf.nn.rnn_cell.LSTMCell(2)
    >>> print(cell.state_size)
    LSTMStateTuple(c=2, h=2)
    """

    __slots__ = ()


class RNNCell(Layer):
    """The parent of all cells; a cell of your own says in `call` what a step does.

    >>> class Counter(tf.nn.rnn_cell.RNNCell):
    ...     state_size = output_size = 1
    ...
    ...     def call(self, inputs, state):
    ...         return state + inputs, state + inputs
    >>> outputs, state = tf.nn.static_rnn(Counter(), [tf.ones([1, 1])] * 3, dtype=tf.float32)
    >>> print(tf.Session().run(state))
    [[3.]]
    """

    def __call__(self, inputs, state, scope=None) -> Any:
        return super().__call__(inputs, state, scope=scope)

    @property
    def state_size(self) -> Any:
        """The size of the state, or a tuple of sizes."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size of the output."""
        raise NotImplementedError("Abstract method")

    def zero_state(self, batch_size, dtype) -> Any:
        """A state of zeros for so many examples."""
        graph = graph_of(batch_size)
        with graph.as_default(), graph.name_scope(f"{type(self).__name__}ZeroState"):
            shape = stack if isinstance(batch_size, Operand) else list
            return for_each(lambda n: zeros(shape([batch_size, n]), dtype), self.state_size)


class UnitCell(DeclaredLayer, RNNCell):
    """A cell whose kernels take inputs and state side by side."""

    def set_up(self) -> None:
        self._reuse = self.reuse
        self._num_units = int(getattr(self.num_units, "value", self.num_units))
        self._activation = named("activation function", self.activation, ACTIVATIONS) or tanh

    @property
    def output_size(self) -> Any:
        return self._num_units

    state_size = output_size

    def add_gates(self, prefix, depth, units, kernel=None, bias=None) -> tuple[Any, Any]:
        """A kernel and a bias for so many inputs and results."""
        made = self.add_weight(f"{prefix}kernel", [depth, units], initializer=kernel)
        start = Zeros() if bias is None else bias
        return made, self.add_weight(f"{prefix}bias", [units], initializer=start)


def affine(parts: Sequence[Any], kernel, bias) -> Any:
    """x w + b, for an x that stands in parts."""
    return _bias_add(matmul(concat(list(parts), 1), kernel), bias)


@declared("num_units, activation=None, reuse=None, name=None, dtype=None")
class BasicRNNCell(UnitCell):
    """The plain recurrent cell, h = tanh([x, h] w + b).

    >>> cell = tf.nn.rnn_cell.BasicRNNCell(4)
    >>> h, state = cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
    >>> print(h.shape, h is state)
    (2, 4) True
    """

    def build(self, input_shape) -> None:
        depth = size_of(input_shape, -1, "BasicRNNCell") + self._num_units
        self._kernel, self._bias = self.add_gates("", depth, self._num_units)

    def call(self, inputs, state) -> Any:
        output = self._activation(affine([inputs, state], self._kernel, self._bias))
        return output, output


@declared(
    "num_units, activation=None, reuse=None, kernel_initializer=None, bias_initializer=None, "
    "name=None, dtype=None"
)
class GRUCell(UnitCell):
    """The gated recurrent unit, h = u h + (1 − u) c, with c = tanh([x, r h] w + b).

    The gates r and u are σ([x, h] w + b). Cho et al., "Learning Phrase Representations using RNN
    Encoder-Decoder for Statistical Machine Translation", 2014.

    >>> cell = tf.nn.rnn_cell.GRUCell(4)
    >>> h, _ = cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
    >>> print([variable.name for variable in cell.variables][::2])
    ['gru_cell/gates/kernel:0', 'gru_cell/candidate/kernel:0']
    """

    def build(self, input_shape) -> None:
        units, kernel, bias = self._num_units, self.kernel_initializer, self.bias_initializer
        depth = size_of(input_shape, -1, "GRUCell") + units
        # Gates begin open, so that the state is kept at first.
        open_ = Constant(1.0) if bias is None else bias
        self._gates = self.add_gates("gates/", depth, 2 * units, kernel, open_)
        self._candidate = self.add_gates("candidate/", depth, units, kernel, bias)

    def call(self, inputs, state) -> Any:
        r, u = split(sigmoid(affine([inputs, state], *self._gates)), 2, 1)
        candidate = self._activation(affine([inputs, multiply(r, state)], *self._candidate))
        output = add(multiply(u, state), multiply(subtract(1.0, u), candidate))
        return output, output


@declared(
    "num_units, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, "
    "proj_clip=None, num_unit_shards=None, num_proj_shards=None, forget_bias=1.0, "
    "state_is_tuple=True, activation=None, reuse=None, name=None, dtype=None"
)
class LSTMCell(UnitCell):
    """The long short-term memory, c = σ(f + 1) c + σ(i) tanh(j) and h = σ(o) tanh(c).

    The gates i, j, f, o are parts of [x, h] w + b; the 1 is `forget_bias`. With `use_peepholes`
    they see c too; `cell_clip` bounds c, and `num_proj` makes h smaller by a matrix (`proj_clip`
    bounds it). With `state_is_tuple=False` the state is c and h side by side. Hochreiter,
    Schmidhuber, "Long Short-Term Memory", 1997.

    >>> cell = tf.nn.rnn_cell.LSTMCell(4)
    >>> h, state = cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
    >>> print(state.c.shape, h is state.h)
    (2, 4) True
    """

    @property
    def output_size(self) -> Any:
        return self.num_proj or self._num_units

    @property
    def state_size(self) -> Any:
        c, h = self._num_units, self.output_size
        return LSTMStateTuple(c, h) if self.state_is_tuple else c + h

    def build(self, input_shape) -> None:
        units, start = self._num_units, self.initializer
        depth = size_of(input_shape, -1, type(self).__name__) + self.output_size
        self._kernel, self._bias = self.add_gates("", depth, 4 * units, start)
        gates = ("f", "i", "o") if self.use_peepholes else ()
        self._peepholes = {
            gate: self.add_weight(f"w_{gate}_diag", [units], initializer=start) for gate in gates
        }
        if self.num_proj:
            sizes = [units, self.num_proj]
            self._projection = self.add_weight("projection/kernel", sizes, initializer=start)

    def call(self, inputs, state) -> Any:
        sizes = [self._num_units, self.output_size]
        c_before, h_before = state if self.state_is_tuple else split(state, sizes, 1)
        i, j, f, o = split(affine([inputs, h_before], self._kernel, self._bias), 4, 1)
        i, f = self._seeing(i, "i", c_before), self._seeing(f, "f", c_before)
        kept = multiply(sigmoid(add(f, self.forget_bias)), c_before)
        c = add(kept, multiply(sigmoid(i), self._activation(j)))
        if self.cell_clip is not None:
            c = clip_by_value(c, -self.cell_clip, self.cell_clip)
        h = multiply(sigmoid(self._seeing(o, "o", c)), self._activation(c))
        if self.num_proj:
            h = matmul(h, self._projection)
        if self.num_proj and self.proj_clip is not None:
            h = clip_by_value(h, -self.proj_clip, self.proj_clip)
        return h, LSTMStateTuple(c, h) if self.state_is_tuple else concat([c, h], 1)

    def _seeing(self, gate, name: str, c) -> Any:
        """A gate with its peephole, a multiple of the memory, where there are peepholes."""
        return add(gate, multiply(self._peepholes[name], c)) if self.use_peepholes else gate


@declared(
    "num_units, forget_bias=1.0, state_is_tuple=True, activation=None, reuse=None, name=None, "
    "dtype=None"
)
class BasicLSTMCell(LSTMCell):
    """The long short-term memory without options, c = σ(f + 1) c + σ(i) tanh(j), h = σ(o) tanh(c).

    >>> cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    >>> h, state = cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
    >>> print([variable.name for variable in cell.variables])
    ['basic_lstm_cell/kernel:0', 'basic_lstm_cell/bias:0']
    """


class Wrapper(RNNCell):
    """A cell around another one, which keeps its variables and its sizes."""

    def __init__(self, cell: RNNCell) -> None:
        super().__init__()
        self.cell = cell

    @property
    def state_size(self) -> Any:
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        return self.cell.output_size

    @property
    def variables(self) -> list[Any]:
        return self.cell.variables

    def zero_state(self, batch_size, dtype) -> Any:
        return self.cell.zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None) -> Any:
        return self.around(inputs, *self.cell(inputs, state, scope))

    def around(self, inputs, output, state) -> Any:
        """The output and the state, computed from those of the cell."""
        return output, state


DROPS_ANEW = "nbgrad drops anew at every step: variational_recurrent."


class DropoutWrapper(Wrapper):
    """A cell of whose inputs, outputs or states some are left out at random.

    What is kept of each is a probability, a number or a tensor. The memory c of an LSTM is never
    dropped. With `variational_recurrent` every step of a sequence would drop the same: this is left
    out.

    >>> cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(4), output_keep_prob=0.5)
    >>> h, _ = cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
    >>> print(h.shape, cell.output_size)
    (2, 4) 4
    """

    @takes(
        "self, cell, input_keep_prob=1.0, output_keep_prob=1.0, state_keep_prob=1.0, "
        "variational_recurrent=False, input_size=None, dtype=None, seed=None, "
        "dropout_state_filter_visitor=None",
        left_out={"variational_recurrent": DROPS_ANEW},
    )
    def __init__(
        self, cell, input_keep_prob, output_keep_prob, state_keep_prob, seed, **_unused
    ) -> None:
        super().__init__(cell)
        self._keep = {"in": input_keep_prob, "out": output_keep_prob, "state": state_keep_prob}
        self._seed = seed

    def _dropped(self, value, which: str) -> Any:
        keep = self._keep[which]
        if not isinstance(keep, Operand) and float(keep) >= 1:
            return value
        return dropout(value, keep_prob=keep, seed=self._seed)

    def __call__(self, inputs, state, scope=None) -> Any:
        return super().__call__(self._dropped(inputs, "in"), state, scope)

    def around(self, inputs, output, state) -> Any:
        return self._dropped(output, "out"), self._state(state)

    def _state(self, state) -> Any:
        if isinstance(state, LSTMStateTuple):
            return LSTMStateTuple(state.c, self._dropped(state.h, "state"))
        whole = not isinstance(state, tuple)
        return self._dropped(state, "state") if whole else tuple(map(self._state, state))


class ResidualWrapper(Wrapper):
    """A cell whose inputs are added to its outputs.

    >>> cell = tf.nn.rnn_cell.ResidualWrapper(tf.nn.rnn_cell.GRUCell(3))
    >>> h, _ = cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
    >>> print(h.shape)
    (2, 3)
    """

    def around(self, inputs, output, state) -> Any:
        return add(inputs, output), state


class MultiRNNCell(RNNCell):
    """Cells on top of each other: the output of one is the input of the next.

    >>> cells = [tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(2)]
    >>> stacked = tf.nn.rnn_cell.MultiRNNCell(cells)
    >>> h, states = stacked(tf.ones([2, 3]), stacked.zero_state(2, tf.float32))
    >>> print(h.shape, stacked.state_size)
    (2, 2) (4, 2)
    """

    def __init__(self, cells: Sequence[RNNCell], state_is_tuple: bool = True) -> None:
        super().__init__()
        if not isinstance(cells, list | tuple):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not state_is_tuple:
            raise NotImplementedError("The states of the cells are a tuple: state_is_tuple=True.")
        self._cells = list(cells)

    @property
    def state_size(self) -> Any:
        return tuple(cell.state_size for cell in self._cells)

    @property
    def output_size(self) -> Any:
        return self._cells[-1].output_size

    @property
    def variables(self) -> list[Any]:
        return [variable for cell in self._cells for variable in cell.variables]

    def zero_state(self, batch_size, dtype) -> Any:
        with graph_of(batch_size).name_scope("MultiRNNCellZeroState"):
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    def call(self, inputs, state) -> Any:
        states = []
        for number, (cell, before) in enumerate(zip(self._cells, state, strict=True)):
            with variable_scope(f"cell_{number}"):
                inputs, after = cell(inputs, before)
                states.append(after)
        return inputs, tuple(states)
