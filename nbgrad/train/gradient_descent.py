"""Steps along the gradient: plain, and with momentum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbgrad.graph import Tensor
from nbgrad.graph.typing import Setting
from nbgrad.ops.state.variables import Variable
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
    node="(var, accum, lr, grad, momentum) T=var use_nesterov=use_nesterov",
)
def _apply_momentum(var, accum, lr, momentum, grad, *, use_nesterov):
    accum = momentum * accum + grad
    step = grad + momentum * accum if use_nesterov else accum
    return var - lr * step, accum
