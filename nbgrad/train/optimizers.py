"""Steps along the gradient: plain, and with momentum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.typing import Setting
from nbgrad.tf1.control import group
from nbgrad.tf1.variables import Variable
from nbgrad.train.optimizer import Optimizer
from nbgrad.train.updates import build_update, update_operation


class GradientDescentOptimizer(Optimizer):
    """Gradient descent: steps against the gradient.

    w ← w − η · ∂loss/∂w.

    Parameters
    ----------
    learning_rate
        η, the size of a step: a number, a function that gives one, or a scalar tensor, which is
        read again in every step.
    use_locking
        Accepted for TensorFlow's sake and ignored.
    name
        The name of the training operation, and of its slots.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     step = ng.train.GradientDescentOptimizer(0.25).minimize(w * w)
    ...     with ng.Session() as session:
    ...         session.run(ng.global_variables_initializer())
    ...         session.run(step)
    ...         print(session.run(w))
    1.5
    """

    def __init__(
        self, learning_rate: Setting, use_locking: bool = False, name: str = "GradientDescent"
    ) -> None:
        super().__init__(use_locking, name, learning_rate=learning_rate)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        return build_update("ApplyGradientDescent", [var], self._settings, grad)


@update_operation("ApplyGradientDescent")
def _apply_gradient_descent(var, alpha, delta):
    return var - alpha * delta


class MomentumOptimizer(Optimizer):
    """Gradient descent with momentum: each step keeps a part of the last one.

    a ← m·a + g,  w ← w − η·a;  after Nesterov  w ← w − η·(g + m·a). The velocity a begins with
    zeros.

    Parameters
    ----------
    learning_rate
        η, the size of a step: a number, a function that gives one, or a scalar tensor, which is
        read again in every step.
    momentum
        m, how much of the last step is kept.
    use_nesterov
        Whether to look one step ahead.
    use_locking
        Accepted for TensorFlow's sake and ignored.
    name
        The name of the training operation, and of its slots.

    References
    ----------
    B. T. Polyak (1964), "Some methods of speeding up the convergence of iteration methods". After
    Nesterov, in this form: I. Sutskever, J. Martens, G. Dahl and G. Hinton (2013), "On the
    importance of initialization and momentum in deep learning".

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     step = ng.train.MomentumOptimizer(0.25, 0.5).minimize(w * w)
    ...     with ng.Session() as session:
    ...         session.run(ng.global_variables_initializer())
    ...         for _ in range(2):
    ...             session.run(step)
    ...         print(session.run(w))
    0.0
    """

    def __init__(
        self,
        learning_rate: Setting,
        momentum: Setting,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name, learning_rate=learning_rate, momentum=momentum)
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._zeros_slot(var, "momentum", self._name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        variables = [var, self.slot(var, "momentum")]
        nesterov = bool(self._use_nesterov)
        return build_update("ApplyMomentum", variables, self._settings, grad, use_nesterov=nesterov)


@update_operation(
    "ApplyMomentum",
    changes=2,
)
def _apply_momentum(var, accum, lr, momentum, grad, *, use_nesterov):
    accum = momentum * accum + grad
    step = grad + momentum * accum if use_nesterov else accum
    return var - lr * step, accum


class AdagradOptimizer(Optimizer):
    """Adagrad: each element's steps shrink with the sum of all its squared gradients so far.

    a ← a + g²,  w ← w − η·g / √a.

    Parameters
    ----------
    learning_rate
        η, the size of a step: a number, a function that gives one, or a scalar tensor, which is
        read again in every step.
    initial_accumulator_value
        What a begins with; as nothing else keeps √a from zero, it is positive.
    use_locking
        Accepted for TensorFlow's sake and ignored.
    name
        The name of the training operation, and of its slots.

    Raises
    ------
    ValueError
        If `initial_accumulator_value` is not positive.

    References
    ----------
    J. Duchi, E. Hazan and Y. Singer (2011), "Adaptive subgradient methods for online learning and
    stochastic optimization", Journal of Machine Learning Research 12.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     step = ng.train.AdagradOptimizer(0.25, initial_accumulator_value=28.0).minimize(w * w)
    ...     with ng.Session() as session:
    ...         session.run(ng.global_variables_initializer())
    ...         session.run(step)
    ...         print(session.run(w))
    2.8125
    """

    def __init__(
        self,
        learning_rate: Setting,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name, learning_rate=learning_rate)
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._filled_slot(var, self._initial_accumulator_value, "accumulator", self._name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        variables = [var, self.slot(var, "accumulator")]
        return build_update("ApplyAdagrad", variables, self._settings, grad)


@update_operation("ApplyAdagrad", changes=2)
def _apply_adagrad(var, accum, lr, grad):
    accum = accum + grad * grad
    return var - lr * grad / np.sqrt(accum), accum


class AdadeltaOptimizer(Optimizer):
    """Adadelta: steps measured by the size of the steps before, divided by that of the gradients.

    a ← ρ·a + (1−ρ)·g²,  u = √(d+ε) / √(a+ε) · g,  d ← ρ·d + (1−ρ)·u²,  w ← w − η·u, where the
    running means a and d begin with zeros.

    Parameters
    ----------
    learning_rate
        η, the size of a step: a number, a function that gives one, or a scalar tensor, which is
        read again in every step.
    rho
        ρ, how much of a and of d is kept in each step.
    epsilon
        ε, which lets the first steps, when d is zero, go anywhere.
    use_locking
        Accepted for TensorFlow's sake and ignored.
    name
        The name of the training operation, and of its slots.

    References
    ----------
    M. D. Zeiler (2012), "Adadelta: An adaptive learning rate method". There is no η there: with
    η = 1 it is the same.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     step = ng.train.AdadeltaOptimizer(0.5, rho=0.75, epsilon=16.0).minimize(w * w)
    ...     with ng.Session() as session:
    ...         session.run(ng.global_variables_initializer())
    ...         session.run(step)
    ...         print(session.run(w))
    0.6
    """

    def __init__(
        self,
        learning_rate: Setting = 0.001,
        rho: Setting = 0.95,
        epsilon: Setting = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name, lr=learning_rate, rho=rho, epsilon=epsilon)

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._zeros_slot(var, "accum", self._name)
            self._zeros_slot(var, "accum_update", self._name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        variables = [var, self.slot(var, "accum"), self.slot(var, "accum_update")]
        return build_update("ApplyAdadelta", variables, self._settings, grad)


@update_operation("ApplyAdadelta", changes=3)
def _apply_adadelta(var, accum, accum_update, lr, rho, epsilon, grad):
    accum = rho * accum + (1 - rho) * grad * grad
    step = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    accum_update = rho * accum_update + (1 - rho) * step * step
    return var - lr * step, accum, accum_update


class RMSPropOptimizer(Optimizer):
    """RMSProp: steps divided by the root of a running mean of the squared gradients.

    r ← ρ·r + (1−ρ)·g²,  s ← m·s + η·g / √(r + ε),  w ← w − s, where r begins with ones and s with
    zeros. Centred, √(r − ḡ² + ε) stands in the denominator, with ḡ ← ρ·ḡ + (1−ρ)·g.

    Parameters
    ----------
    learning_rate
        η, the size of a step: a number, a function that gives one, or a scalar tensor, which is
        read again in every step.
    decay
        ρ, how much of r and of ḡ is kept in each step.
    momentum
        m, how much of the last step s is kept.
    epsilon
        ε, which keeps the root from zero.
    centered
        Whether to divide by the spread of the gradients around their mean ḡ.
    use_locking
        Accepted for TensorFlow's sake and ignored.
    name
        The name of the training operation, and of its slots.

    References
    ----------
    G. Hinton (2012), "Neural networks for machine learning", lecture 6e.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     step = ng.train.RMSPropOptimizer(0.25, decay=0.75, epsilon=6.25).minimize(w * w)
    ...     with ng.Session() as session:
    ...         session.run(ng.global_variables_initializer())
    ...         session.run(step)
    ...         print(session.run(w))
    2.625
    """

    def __init__(
        self,
        learning_rate: Setting,
        decay: Setting = 0.9,
        momentum: Setting = 0.0,
        epsilon: Setting = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        settings = {"decay": decay, "momentum": momentum, "epsilon": epsilon}
        super().__init__(use_locking, name, learning_rate=learning_rate, **settings)
        self._centered = centered

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            self._filled_slot(var, 1.0, "rms", self._name)
            if self._centered:
                self._zeros_slot(var, "mg", self._name)
            self._zeros_slot(var, "momentum", self._name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        names = ("mg", "rms", "momentum") if self._centered else ("rms", "momentum")
        variables = [var, *(self.slot(var, name) for name in names)]
        op_type = "ApplyCenteredRMSProp" if self._centered else "ApplyRMSProp"
        return build_update(op_type, variables, self._settings, grad)


@update_operation("ApplyRMSProp", changes=3)
def _apply_rms_prop(var, ms, mom, lr, rho, momentum, epsilon, grad):
    ms = rho * ms + (1 - rho) * grad * grad
    mom = momentum * mom + lr * grad / np.sqrt(ms + epsilon)
    return var - mom, ms, mom


@update_operation("ApplyCenteredRMSProp", changes=4)
def _apply_centered_rms_prop(var, mg, ms, mom, lr, rho, momentum, epsilon, grad):
    ms = rho * ms + (1 - rho) * grad * grad
    mg = rho * mg + (1 - rho) * grad
    mom = momentum * mom + lr * grad / np.sqrt(ms - mg * mg + epsilon)
    return var - mom, mg, ms, mom


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
