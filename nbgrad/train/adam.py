"""Adam: running means of the gradient and of its square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.graph import Operation, Tensor
from nbgrad.graph.typing import Setting
from nbgrad.ops.programs.control import group
from nbgrad.ops.state.variables import Variable
from nbgrad.train.optimizer import Optimizer
from nbgrad.train.updates import build_update, update_operation


class AdamOptimizer(Optimizer):
    """Adam: steps along a running mean of the gradient, divided by the root of one of its square.

    m ← β₁·m + (1−β₁)·g,  v ← β₂·v + (1−β₂)·g²,  w ← w − η · √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε),
    where g is the gradient, t counts the steps, and m and v begin with zeros.

    Parameters
    ----------
    learning_rate
        η, the size of a step: a number, a function that gives one, or a scalar tensor, which is
        read again in every step.
    beta1, beta2
        β₁ and β₂, how much of m and of v is kept in each step.
    epsilon
        ε, which keeps the step finite where v is zero.
    use_locking
        Accepted for TensorFlow's sake and ignored.
    name
        The name of the training operation, and of its slots.

    Notes
    -----
    As in TensorFlow, ε is added to the root before v is corrected for its start at zero (the
    paper's "ε-hat"), so a large ε weighs more in the first steps.

    References
    ----------
    D. P. Kingma and J. Ba (2015), "Adam: A method for stochastic optimization".

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     step = ng.train.AdamOptimizer(0.25).minimize(w * w)
    ...     with ng.Session() as session:
    ...         session.run(ng.global_variables_initializer())
    ...         session.run(step)
    ...         print(session.run(w))
    2.75
    """

    def __init__(
        self,
        learning_rate: Setting = 0.001,
        beta1: Setting = 0.9,
        beta2: Setting = 0.999,
        epsilon: Setting = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        settings = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(use_locking, name, learning_rate=learning_rate, **settings)

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        first = min(var_list, key=lambda var: var.name)
        self._powers = [
            self._create_non_slot_variable(
                self._call_if_callable(self._given[beta]), f"{beta}_power", first
            )
            for beta in ("beta1", "beta2")
        ]
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        variables = [var, self.slot(var, "m"), self.slot(var, "v")]
        powers = {power.op.name: power.as_tensor() for power in self._powers}
        return build_update("ApplyAdam", variables, powers | self._settings, grad)

    def _finish(self, update_ops: Sequence[Any], name_scope: str) -> Operation:
        graph = self._powers[0].graph
        with graph.control_dependencies(update_ops):
            grown = [
                power.assign(power * self._settings[beta])
                for power, beta in zip(self._powers, ("beta1", "beta2"), strict=True)
            ]
        return group(*update_ops, *grown, name=name_scope)


@update_operation("ApplyAdam", changes=3)
def _apply_adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    rate = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    return var - rate * m / (np.sqrt(v) + epsilon), m, v
