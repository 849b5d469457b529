"""The optimizers: each a formula, and below it the kernel that computes it.

In the formulas w is a variable, g the gradient of the loss and η the learning rate, which is read
again in every step; what stands on the left of an arrow, but for w, is a slot, which begins with
zeros unless the text says otherwise. A kernel takes the values of the variables that it changes,
then the settings, then the gradient, and returns the new values.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.core.errors import ShapeError
from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.shapes import Shape, assigned
from nbgrad.core.traits import Effect
from nbgrad.ops.define import operation
from nbgrad.ops.shaping import cast
from nbgrad.tf1.control import group
from nbgrad.tf1.variables import Variable
from nbgrad.train.optimizer import Optimizer

#: What the settings are, for the docstrings of all optimizers.
MEANINGS = {
    "learning_rate": "η, the size of a step: a number, a function of none, or a scalar tensor.",
    "momentum": "m, how much of the last step is kept.",
    "use_nesterov": "Whether to look one step ahead.",
    "initial_accumulator_value": "What a begins with; it must be positive, as √a must.",
    "rho": "ρ, how much of a and of d is kept in each step.",
    "decay": "ρ, how much of r and of ḡ is kept in each step.",
    "beta1": "β₁, how much of m is kept in each step.",
    "beta2": "β₂, how much of v is kept in each step.",
    "epsilon": "ε, which keeps the root below the gradient from zero.",
    "centered": "Whether to divide by the spread of the gradients around their mean ḡ.",
    "use_locking": "No effect.",
    "name": "The name of the training operation and its slots.",
}


class KernelOptimizer(Optimizer):
    """An optimizer whose update is one operation: a kernel below, and slots with initial values."""

    _op_type: str
    _slot_values: Mapping[str, float] = {}
    _slot_order: Sequence[str] = ()  # of the kernel's parameters, where that is another one
    _attributes: Mapping[str, Any] = {}

    def __init_subclass__(cls) -> None:
        known = [name for name in inspect.signature(cls).parameters if name in MEANINGS]
        settings = "".join(f"    {name}\n        {MEANINGS[name]}\n" for name in known)
        text, prompt, example = (cls.__doc__ or "").partition("    >>> ")
        if example:
            text += f"    Parameters\n    ----------\n{settings}\n    Examples\n    --------\n"
            cls.__doc__ = text + prompt + example

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        for var in var_list:
            for name, value in self._slot_values.items():
                self._filled_slot(var, value, name, self._name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        slots = (self._slots[name][var] for name in self._slot_order or self._slot_values)
        refs = [variable.as_graph_element() for variable in (var, *slots)]
        numbers = [n if n.dtype is var.dtype else cast(n, var.dtype) for n in self._numbers()]
        made = var.graph.apply(self._op_type, *refs, *numbers, grad, **self._attributes)
        return made[0] if isinstance(made, list) else made

    def _numbers(self) -> list[Tensor]:
        return [*self._settings.values()]


def update_operation(op_type: str, changes: int = 1) -> Callable[..., Any]:
    """Register a NumPy function as the kernel of an operation that changes variables.

    Its first parameters, as many as `changes`, are the values of these variables; its last one is
    the gradient.
    """

    def shape(*shapes: Shape, **_attributes: Any) -> Any:
        for number in shapes[changes:-1]:
            if number:
                raise ShapeError(f"Shape must be rank 0 but is rank {len(number)}")
        after = [assigned(ref, shapes[-1]) for ref in shapes[:changes]]
        return after if changes > 1 else after[0]

    def decorate(kernel: Callable[..., Any]) -> Callable[..., Any]:
        dtypes = f"{','.join('T' * kernel.__code__.co_argcount)}->{','.join('T' * changes)}"
        register = operation(op_type, dtypes=dtypes, shape=shape, effect=Effect.CHANGES, symbol="←")
        return register(kernel)

    return decorate


class GradientDescentOptimizer(KernelOptimizer):
    """Gradient descent: steps against the gradient.

    w ← w − η · ∂loss/∂w.

    >>> w = tf.Variable(3.0)
    >>> step = tf.train.GradientDescentOptimizer(0.25).minimize(w * w)
    >>> with tf.Session() as session:
    ...     session.run(tf.global_variables_initializer())
    ...     session.run(step)
    ...     print(session.run(w))
    1.5
    """

    _op_type = "ApplyGradientDescent"

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent") -> None:
        super().__init__(use_locking, name, learning_rate=learning_rate)


@update_operation("ApplyGradientDescent")
def _apply_gradient_descent(var, alpha, delta):
    return var - alpha * delta


class MomentumOptimizer(KernelOptimizer):
    """Gradient descent with momentum: each step keeps a part of the last one.

    a ← m·a + g,  w ← w − η·a;  after Nesterov  w ← w − η·(g + m·a).

    Polyak, "Some Methods of Speeding up the Convergence of Iteration Methods", 1964. In this form:
    Sutskever et al., "On the Importance of Initialization and Momentum in Deep Learning", 2013.

    >>> tf.train.MomentumOptimizer(0.25, 0.5).descent(lambda w: 2 * w, [3.0], 2).ravel()
    array([3. , 1.5, 0. ])
    """

    _op_type, _slot_values = "ApplyMomentum", {"momentum": 0.0}

    def __init__(
        self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False
    ) -> None:
        super().__init__(use_locking, name, learning_rate=learning_rate, momentum=momentum)
        self._attributes = {"use_nesterov": bool(use_nesterov)}


@update_operation("ApplyMomentum", changes=2)
def _apply_momentum(var, accum, lr, momentum, grad, *, use_nesterov):
    accum = momentum * accum + grad
    step = grad + momentum * accum if use_nesterov else accum
    return var - lr * step, accum


class AdagradOptimizer(KernelOptimizer):
    """Adagrad: each element's steps shrink with the sum of all its squared gradients so far.

    a ← a + g²,  w ← w − η·g / √a.

    Duchi, Hazan, Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
    Optimization", 2011.

    >>> tf.train.AdagradOptimizer(0.25, 28.0).descent(lambda w: 2 * w, [3.0], 1).ravel()
    array([3.    , 2.8125])
    """

    _op_type = "ApplyAdagrad"

    def __init__(
        self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="Adagrad"
    ) -> None:
        if initial_accumulator_value <= 0.0:
            given = initial_accumulator_value
            raise ValueError(f"initial_accumulator_value must be positive: {given}")
        super().__init__(use_locking, name, learning_rate=learning_rate)
        self._slot_values = {"accumulator": initial_accumulator_value}


@update_operation("ApplyAdagrad", changes=2)
def _apply_adagrad(var, accum, lr, grad):
    accum = accum + grad * grad
    return var - lr * grad / np.sqrt(accum), accum


class AdadeltaOptimizer(KernelOptimizer):
    """Adadelta: steps measured by the size of the steps before, divided by that of the gradients.

    a ← ρ·a + (1−ρ)·g²,  u = √(d+ε) / √(a+ε) · g,  d ← ρ·d + (1−ρ)·u²,  w ← w − η·u. The first
    steps, when d is zero, go as far as ε lets them.

    Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, without η, which is to say η = 1.

    >>> adadelta = tf.train.AdadeltaOptimizer(0.5, rho=0.75, epsilon=16.0)
    >>> print(adadelta.descent(lambda w: 2 * w, [3.0], 1)[1])
    [0.6]
    """

    _op_type, _slot_values = "ApplyAdadelta", {"accum": 0.0, "accum_update": 0.0}

    def __init__(
        self, learning_rate=0.001, rho=0.95, epsilon=1e-8, use_locking=False, name="Adadelta"
    ) -> None:
        super().__init__(use_locking, name, lr=learning_rate, rho=rho, epsilon=epsilon)


@update_operation("ApplyAdadelta", changes=3)
def _apply_adadelta(var, accum, accum_update, lr, rho, epsilon, grad):
    accum = rho * accum + (1 - rho) * grad * grad
    step = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    accum_update = rho * accum_update + (1 - rho) * step * step
    return var - lr * step, accum, accum_update


class RMSPropOptimizer(KernelOptimizer):
    """RMSProp: steps divided by the root of a running mean of the squared gradients.

    r ← ρ·r + (1−ρ)·g²,  s ← m·s + η·g / √(r + ε),  w ← w − s, where r begins with ones. Centred,
    √(r − ḡ² + ε) stands in the denominator, with ḡ ← ρ·ḡ + (1−ρ)·g.

    Hinton, "Neural Networks for Machine Learning", lecture 6e, 2012.

    >>> rms = tf.train.RMSPropOptimizer(0.25, decay=0.75, epsilon=6.25)
    >>> rms.descent(lambda w: 2 * w, [3.0], 1).ravel()
    array([3.   , 2.625])
    """

    def __init__(
        self,
        learning_rate,
        decay=0.9,
        momentum=0.0,
        epsilon=1e-10,
        use_locking=False,
        centered=False,
        name="RMSProp",
    ) -> None:
        settings = {"decay": decay, "momentum": momentum, "epsilon": epsilon}
        super().__init__(use_locking, name, learning_rate=learning_rate, **settings)
        self._op_type = "ApplyCenteredRMSProp" if centered else "ApplyRMSProp"
        mean = {"mg": 0.0} if centered else {}
        self._slot_values = {"rms": 1.0, **mean, "momentum": 0.0}
        self._slot_order = (*mean, "rms", "momentum")


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


class AdamOptimizer(KernelOptimizer):
    """Adam: steps along a running mean of the gradient, divided by the root of one of its square.

    m ← β₁·m + (1−β₁)·g,  v ← β₂·v + (1−β₂)·g²,  w ← w − η · √(1−β₂ᵗ)/(1−β₁ᵗ) · m / (√v + ε),
    where t counts the steps.

    Kingma, Ba, "Adam: A Method for Stochastic Optimization", 2015. As in TensorFlow, ε is added to
    the root before v is corrected for its start at zero (the paper's "ε-hat"), so a large ε weighs
    more in the first steps.

    >>> tf.train.AdamOptimizer(0.25).descent(lambda w: 2 * w, [3.0], 1).ravel()
    array([3.  , 2.75])
    """

    _op_type, _slot_values = "ApplyAdam", {"m": 0.0, "v": 0.0}

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        use_locking=False,
        name="Adam",
    ) -> None:
        settings = {"beta1": beta1, "beta2": beta2, "epsilon": epsilon}
        super().__init__(use_locking, name, learning_rate=learning_rate, **settings)

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        first = min(var_list, key=lambda var: var.name)
        self._powers = {
            beta: self._create_non_slot_variable(
                self._call_if_callable(self._values[beta]), f"{beta}_power", first
            )
            for beta in ("beta1", "beta2")
        }
        super()._create_slots(var_list)

    def _numbers(self) -> list[Tensor]:
        return [*(power.as_tensor() for power in self._powers.values()), *super()._numbers()]

    def _finish(self, update_ops: Sequence[Any], name_scope: str) -> Operation:
        with self._powers["beta1"].graph.control_dependencies(update_ops):
            grown = [power.assign(power * self._settings[b]) for b, power in self._powers.items()]
        return group(*update_ops, *grown, name=name_scope)


@update_operation("ApplyAdam", changes=3)
def _apply_adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    rate = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    return var - rate * m / (np.sqrt(v) + epsilon), m, v
