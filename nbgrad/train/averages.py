"""Moving averages of variables: what they were on average over the last steps of training."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nbgrad.core.default_graph import get_default_graph
from nbgrad.core.dtypes import float32
from nbgrad.core.graph import Operand, Operation, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.typing import TensorLike
from nbgrad.ops.copying import cast
from nbgrad.ops.functions import pow
from nbgrad.ops.piecewise import minimum
from nbgrad.tf1.control import group
from nbgrad.tf1.variables import GraphKeys, Variable, assign_add, assign_sub


class ExponentialMovingAverage:
    """Moving averages of variables: shadows that follow them from step to step.

    shadow ← shadow − (1 − decay) · (shadow − variable).

    Parameters
    ----------
    decay
        How much of itself a shadow keeps at each step, such as 0.99.
    num_updates
        The number of steps so far: with it, the first steps keep less,
        min(decay, (1 + n) / (10 + n)).
    zero_debias
        Whether shadows of tensors, which start at zero, are corrected for that. Those of variables
        start where the variables do.
    name
        What the shadows are called, after what they follow.

    Examples
    --------
    >>> w = tf.Variable(1.0)
    >>> ema = tf.train.ExponentialMovingAverage(0.75)
    >>> follow = ema.apply([w])
    >>> with tf.Session() as session:
    ...     session.run(tf.global_variables_initializer())
    ...     session.run(w.assign(5.0).op)
    ...     session.run(follow)
    ...     print(session.run(ema.average(w)))
    2.0
    """

    def __init__(
        self,
        decay: TensorLike,
        num_updates: TensorLike | None = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, Variable] = {}
        self._from_zero: set[Any] = set()

    @property
    def name(self) -> str:
        """The last part of the shadows' names."""
        return self._name

    def apply(self, var_list: Iterable[Operand] | None = None) -> Operation:
        """An operation that moves each shadow once, to be run after each step of training.

        The first call makes the shadows: of variables or other tensors, by default of all
        trainable variables.
        """
        graph = get_default_graph()
        trained = graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)
        followed: list[Any] = trained if var_list is None else list(var_list)
        for each in followed:
            if not each.dtype.is_floating:
                raise TypeError(f"The variables must be half, float, or double: {each.name}")
            if each not in self._averages:
                self._averages[each] = self._shadow(each)
        with graph.name_scope(self._name) as scope:
            decay = as_tensor(self._decay, graph, name="decay")
            if self._num_updates is not None:
                count = cast(as_tensor(self._num_updates, graph), float32, name="num_updates")
                decay = minimum(decay, (1.0 + count) / (10.0 + count))
            return group(*(self._move(each, 1.0 - decay) for each in followed), name=scope)

    def average(self, var: Operand) -> Variable | None:
        """The shadow of a variable, None where it has none."""
        return self._averages.get(var)

    def average_name(self, var: Any) -> str:
        """The name of a variable's shadow, also before there is one."""
        return f"{var.op.name}/{self._name}"

    def variables_to_restore(self, moving_avg_variables: Any = None) -> dict[str, Variable]:
        """Every variable by the name of what is best used in its place: its shadow, if it has one.

        As TensorFlow's savers take it. The variables that have shadows are by default all
        trainable ones, and those in the collection of moving averages.
        """
        graph = get_default_graph()
        averaged = moving_avg_variables
        if averaged is None:
            averaged = [
                *graph.get_collection(GraphKeys.TRAINABLE_VARIABLES),
                *graph.get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES),
            ]
        names = {self.average_name(each): each for each in dict.fromkeys(averaged)}
        others = set(graph.get_collection(GraphKeys.GLOBAL_VARIABLES)).difference(names.values())
        kept = {each.op.name: each for each in others if each.op.name not in names}
        return {**names, **kept}

    def _shadow(self, followed: Any) -> Variable:
        """A new shadow: of a variable it starts where that started, of other tensors at zero."""
        graph = followed.graph
        of_variable = isinstance(followed, Variable)
        if of_variable:
            graph.add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, followed)
        elif self._zero_debias:
            self._from_zero.add(followed)
        start: Any = zeros_for(followed)
        with graph.as_default(), graph.name_scope(None), graph.control_dependencies(None):
            if of_variable:
                start = followed.initialized_value()
            return Variable(start, trainable=False, name=self.average_name(followed))

    def _move(self, followed: Any, rate: Tensor) -> Tensor:
        """The assignment that moves one shadow."""
        shadow, value = self._averages[followed], followed.as_tensor()
        rate = cast(rate, value.dtype)
        if followed not in self._from_zero:
            return assign_sub(shadow, (shadow - value) * rate)
        return assign_sub(shadow, shadow - self._unbiased(shadow, value, rate))

    def _unbiased(self, shadow: Variable, value: Tensor, rate: Tensor) -> Tensor:
        """An average that began at zero, divided by the share that its values have in it."""
        graph = shadow.graph
        with graph.as_default(), graph.name_scope(None), graph.control_dependencies(None):
            biased = Variable(zeros_for(value), trainable=False, name=f"{shadow.op.name}/biased")
            start = value.dtype.as_numpy_dtype(0)
            steps = Variable(start, trainable=False, name=f"{shadow.op.name}/local_step")
        moved = assign_sub(biased, (biased - value) * rate)
        return moved / (1.0 - pow(1.0 - rate, assign_add(steps, 1.0)))


def zeros_for(tensor: Any) -> np.ndarray:
    """Zeros of a tensor's shape, which is known before a run, and dtype."""
    return np.zeros(tensor.shape.as_list(), tensor.dtype.as_numpy_dtype)
