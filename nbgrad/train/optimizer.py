"""The base of all optimizers: gradients of a loss, and assignments that follow them downhill.

`minimize` is `compute_gradients` and then `apply_gradients`. What an optimizer remembers of a
variable, such as its momentum, is another variable: a slot.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.gradients import gradients
from nbgrad.core.graph import Graph, Operand, Operation, Tensor, graph_of
from nbgrad.core.operands import Setting, TensorLike, as_tensor
from nbgrad.core.session import Session
from nbgrad.core.shapes import is_known
from nbgrad.ops.sources import zeros_like
from nbgrad.tf1.control import group
from nbgrad.tf1.signatures import takes
from nbgrad.tf1.tensors import placeholder
from nbgrad.tf1.variable_scope import get_variable_scope
from nbgrad.tf1.variables import GraphKeys, Variable, assign_add, global_variables_initializer

GradientsAndVariables = list[tuple[Tensor | None, Variable]]
Self = TypeVar("Self", bound="Optimizer")


class Optimizer:
    """An optimizer without a method of its own, to derive others from.

    A subclass says in `_apply_dense` how one variable changes, given its gradient. It may make
    what each variable needs besides in `_create_slots`, what all of them share in `_prepare`, and
    do what remains in `_finish`.

    Parameters
    ----------
    use_locking, name
        No effect; the name of the training operation, which must not be empty.
    **settings
        The numbers of the method, such as its learning rate. While updates are built, they stand
        under their names in `self._settings`, as scalar tensors.

    Examples
    --------
    >>> class SignDescent(tf.train.Optimizer):
    ...     def __init__(self, rate):
    ...         super().__init__(name="SignDescent", rate=rate)
    ...
    ...     def _apply_dense(self, grad, var):
    ...         return var.assign_sub(self._settings["rate"] * tf.sign(grad))
    >>> w = tf.Variable(3.0)
    >>> step = SignDescent(0.25).minimize(w * w)
    >>> with tf.Session() as session:
    ...     session.run(tf.global_variables_initializer())
    ...     session.run(step)
    ...     print(session.run(w))
    2.75
    """

    GATE_NONE, GATE_OP, GATE_GRAPH = 0, 1, 2

    def __init__(
        self, use_locking: bool = False, name: str = "Optimizer", **settings: Setting
    ) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._name = name
        self._values = settings
        self._settings: dict[str, Tensor] = {}
        self._slots: dict[str, dict[Variable, Variable]] = {}
        self._shared: dict[tuple[str, Graph], Variable] = {}

    def get_name(self) -> str:
        return self._name

    @takes(
        "self, loss, global_step=None, var_list=None, gate_gradients=1, aggregation_method=None, "
        "colocate_gradients_with_ops=False, name=None, grad_loss=None"
    )
    def minimize(
        self, loss: Tensor, global_step: Variable | None, name: str | None, **how: Any
    ) -> Operation:
        """An operation that changes the variables once, so that the loss falls.

        The loss is a tensor of real numbers; one that is not a scalar counts as the sum of its
        elements, each times that of `grad_loss`. The variables are by default all trainable ones;
        `global_step` is a variable that counts the steps. `gate_gradients`, `aggregation_method`
        and `colocate_gradients_with_ops` have no effect. A ValueError says that there is no
        variable, or that the loss depends on none.
        """
        pairs = self.compute_gradients(loss, **how)
        if all(gradient is None for gradient, _ in pairs):
            problem = (
                "No gradients provided for any variable, check your graph for ops that do not "
                f"support gradients, between variables [{names_of(pairs)}] and loss {loss}."
            )
            advice = "nbgrad.why_none(loss, variable) says what is in the way."
            raise ValueError(advise(problem, loss.op, advice))
        return self.apply_gradients(pairs, global_step, name)

    @takes(
        "self, loss, var_list=None, gate_gradients=1, aggregation_method=None, "
        "colocate_gradients_with_ops=False, grad_loss=None"
    )
    def compute_gradients(
        self,
        loss: Tensor,
        var_list: Operand | Iterable[Operand] | None,
        gate_gradients: int,
        aggregation_method: int | None,
        grad_loss: TensorLike | None,
    ) -> GradientsAndVariables:
        """Pairs of gradient and variable, with None where no path leads to the variable."""
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        if not loss.dtype.is_floating:
            kinds = "[tf.float32, tf.float64, tf.float16, tf.bfloat16]"
            raise ValueError(
                f"Invalid type {loss.dtype!r} for {loss.name}, expected: {kinds}.\n"
                "Only real numbers can go downhill: write 1. for 1, or use tf.cast."
            )
        if var_list is None:
            var_list = loss.graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)
        # What iterates, such as the values of a dictionary, is a list of variables, too.
        one = isinstance(var_list, Operand | str)
        variables: list[Any] = [var_list] if one else list(var_list)
        if not variables:
            raise ValueError("No variables to optimize.")
        seeds, gate = None if grad_loss is None else [grad_loss], gate_gradients == self.GATE_OP
        found = gradients(
            loss, variables, seeds, gate_gradients=gate, aggregation_method=aggregation_method
        )
        return list(zip(found, variables, strict=True))

    def apply_gradients(
        self,
        grads_and_vars: Iterable[tuple[TensorLike | None, Variable]],
        global_step: Variable | None = None,
        name: str | None = None,
    ) -> Operation:
        """An operation that changes each variable by its gradient; a pair with None is left out."""
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("No variables provided.")
        for each in pairs:
            if not (isinstance(each, tuple | list) and len(each) == 2):
                problem = f"{type(each).__name__!r} object is not a pair: {each!r}"
                advice = "Give pairs of gradient and variable, such as zip(gradients, variables)."
                raise TypeError(advise(problem, advice=advice))
        if isinstance(global_step, list | tuple):
            problem = f"{type(global_step).__name__!r} object has no attribute 'assign'"
            advice = "The second argument is global_step: write var_list=[…]."
            raise AttributeError(advise(problem, advice=advice))
        present = [(gradient, variable) for gradient, variable in pairs if gradient is not None]
        if not present:
            raise ValueError(f"No gradients provided for any variable: [{names_of(pairs)}].")
        for _, variable in present:
            if not isinstance(variable, Variable):
                raise NotImplementedError("Trying to update a Tensor ", variable)
        done = self._update(present, global_step, name or self._name)
        done.graph.add_to_collection(GraphKeys.TRAIN_OP, done)
        return done

    def descent(
        self, slopes: Callable[[np.ndarray], Sequence[float]], start: Sequence[float], steps: int
    ) -> np.ndarray:
        """The points that this optimizer passes from `start`, in a graph of its own.

        `slopes` gives the derivatives of a function at a point, one for each coordinate.

        >>> tf.train.GradientDescentOptimizer(0.25).descent(lambda at: 2 * at, [4.0], steps=2)
        array([[4.],
               [2.],
               [1.]])
        """
        optimizer = self.without_slots()  # the slots of your variables stay with the original
        points = [np.array(start)]
        with Graph().as_default(), Session() as session:
            variables = [Variable(each, name=f"x{i}") for i, each in enumerate(start)]
            arriving = [placeholder(variable.dtype, []) for variable in variables]
            step = optimizer.apply_gradients(zip(arriving, variables, strict=True))
            session.run(global_variables_initializer())
            for _ in range(steps):
                session.run(step, dict(zip(arriving, slopes(points[-1]), strict=True)))
                points.append(np.array(session.run(as_list(variables))))
        return np.array(points)

    def get_slot(self, var: Variable, name: str) -> Variable | None:
        """The slot of a variable, such as "momentum", or "m" and "v" for Adam."""
        return self._slots.get(name, {}).get(var)

    def get_slot_names(self) -> list[str]:
        """The names of the slots, sorted; none before the first `apply_gradients`."""
        return sorted(self._slots)

    def variables(self) -> list[Variable]:
        """Every variable that this optimizer has made for itself, sorted by name."""
        slots = [slot for each in self._slots.values() for slot in each.values()]
        return sorted([*self._shared.values(), *slots], key=lambda variable: variable.name)

    def without_slots(self: Self) -> Self:
        """A copy with the same settings, to train other variables from the start.

        >>> adam, w = tf.train.AdamOptimizer(0.25), tf.Variable(3.0)
        >>> step = adam.minimize(w * w)
        >>> adam.get_slot_names(), adam.without_slots().get_slot_names()
        (['m', 'v'], [])
        """
        twin = copy.copy(self)
        twin._slots, twin._shared = {}, {}
        return twin

    def _zeros_slot(self, var: Variable, slot_name: str, op_name: str) -> Variable:
        """A slot that starts at zero."""
        return self._filled_slot(var, 0.0, slot_name, op_name)

    def _filled_slot(self, var: Variable, value: float, slot_name: str, op_name: str) -> Variable:
        """A slot of the variable's shape and dtype that starts at one number everywhere."""
        initial: Any
        if is_known(var.static_shape):
            initial = np.full(var.static_shape, value, var.dtype.as_numpy_dtype)
        else:
            initial = zeros_like(var.initialized_value()) + value
        return self._get_or_make_slot(var, initial, slot_name, op_name)

    def _get_or_make_slot(self, var: Variable, val: Any, slot_name: str, op_name: str) -> Variable:
        """The slot of that name, made with the initial value `val` where it is new."""
        slots = self._slots.setdefault(slot_name, {})
        if var not in slots:
            # As in TensorFlow, a variable scope is part of a slot's name, a name scope is not.
            names = (get_variable_scope().name, var.op.name, op_name)
            with var.graph.name_scope(None):
                slots[var] = Variable(val, trainable=False, name="/".join(filter(None, names)))
        return slots[var]

    def _create_non_slot_variable(
        self, initial_value: Any, name: str, colocate_with: Any
    ) -> Variable:
        """A variable that all trained variables of a graph share, such as a power of β."""
        key = (name, colocate_with.graph)
        if key not in self._shared:
            self._shared[key] = Variable(initial_value, trainable=False, name=name)
        return self._shared[key]

    def _get_non_slot_variable(self, name: str, graph: Graph) -> Variable:
        return self._shared[name, graph]

    # What a subclass fills in, and the order of it all.

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        """Make the slots of each variable, such as a momentum."""

    def _prepare(self) -> None:
        """Make the settings as tensors, which all updates share."""
        self._settings = {}
        for name, each in self._values.items():
            value = self._call_if_callable(each)
            # A learning rate of 1 is the number 1.0, not an integer.
            value = float(value) if isinstance(value, int) else value
            self._settings[name] = as_tensor(value, graph_of(value), name=name)

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        """The assignment that changes `var` by its gradient."""
        raise NotImplementedError(f"{type(self).__name__} does not say how to update a variable.")

    def _finish(self, update_ops: Sequence[Any], name_scope: str) -> Operation:
        """The operation that does all of the updates."""
        return group(*update_ops, name=name_scope)

    def _update(self, pairs: Sequence[Any], global_step: Variable | None, name: str) -> Operation:
        """The operation that changes each variable by its gradient, and then counts the step."""
        graph = pairs[0][1].graph
        with graph.as_default():
            self._create_slots([variable for _, variable in pairs])
            with graph.name_scope(name) as scope:
                self._prepare()
                updates = [self._update_of(*pair) for pair in pairs]
                done = self._finish(updates, scope if global_step is None else "update")
                if global_step is not None:
                    with graph.control_dependencies([done]):
                        done = assign_add(global_step, 1, name=scope).op
        return done

    def _update_of(self, gradient: Any, variable: Variable) -> Any:
        """The assignments that change one variable, its constraint included."""
        graph = variable.graph
        with graph.name_scope(f"update_{variable.op.name}"):
            update = self._apply_dense(as_tensor(gradient, graph, variable.dtype), variable)
            if variable.constraint is None:
                return update
            with graph.control_dependencies(as_list(update)[:1]):
                return variable.assign(variable.constraint(variable.read_value()))

    def _call_if_callable(self, value: Any) -> Any:
        return value() if callable(value) else value


def names_of(pairs: Iterable[tuple[Any, Variable]]) -> str:
    return ", ".join(f'"{variable!r}"' for _, variable in pairs)
