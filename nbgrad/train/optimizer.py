"""Optimisers: gradients of a loss, and the assignments that follow them downhill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from nbgrad.core.dtypes import DType
from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.gradients import gradients
from nbgrad.core.graph import Graph, Operation, Tensor
from nbgrad.core.session import Session
from nbgrad.core.typing import Setting, TensorLike, Tensors
from nbgrad.tf1.scopes import GraphKeys
from nbgrad.tf1.tensors import placeholder
from nbgrad.tf1.variables import Variable, global_variables_initializer
from nbgrad.train.updates import UpdateRule

GradientsAndVariables = list[tuple[Tensor | None, Variable]]


class Optimizer(UpdateRule):
    """What all optimisers share: which gradients, of which variables, in which order.

    A subclass says in `_apply_dense` how one variable changes, given its gradient. It may make
    what each variable needs besides in `_create_slots`, what all of them share in `_prepare`, and
    do what remains in `_finish`.

    Parameters
    ----------
    use_locking
        Accepted for TensorFlow's sake and ignored.
    name
        The name of the training operation.
    **settings
        The numbers of the method, such as its learning rate. While updates are built, they stand
        under their names in `self._settings`, as scalar tensors.

    Raises
    ------
    ValueError
        If the name is empty.

    Examples
    --------
    >>> import nbgrad as ng
    >>> class SignDescent(ng.train.Optimizer):
    ...     def __init__(self, rate):
    ...         super().__init__(name="SignDescent", rate=rate)
    ...
    ...     def _apply_dense(self, grad, var):
    ...         return var.assign_sub(self._settings["rate"] * ng.sign(grad))
    >>> with ng.Graph().as_default():
    ...     w = ng.Variable(3.0)
    ...     step = SignDescent(0.25).minimize(w * w)
    ...     with ng.Session() as session:
    ...         session.run(ng.global_variables_initializer())
    ...         session.run(step)
    ...         print(session.run(w))
    2.75
    """

    GATE_NONE, GATE_OP, GATE_GRAPH = 0, 1, 2

    def __init__(
        self, use_locking: bool = False, name: str = "Optimizer", **settings: Setting
    ) -> None:
        super().__init__(settings)
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._name = name

    def get_name(self) -> str:
        """The name of the training operation.

        Returns
        -------
        str
            As it was given to the optimiser.
        """
        return self._name

    def minimize(
        self,
        loss: Tensor,
        global_step: Variable | None = None,
        var_list: Tensors | None = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: TensorLike | None = None,
    ) -> Operation:
        """An operation that changes the variables once, so that the loss falls.

        It is `compute_gradients` followed by `apply_gradients`.

        Parameters
        ----------
        loss
            A tensor of real numbers; one that is not a scalar counts as the sum of its elements.
        global_step
            A variable that counts the steps, one up after each.
        var_list
            A variable or a list of them; by default every trainable variable of the graph.
        gate_gradients
            `GATE_NONE`, `GATE_OP` or `GATE_GRAPH`, which change no number.
        aggregation_method, colocate_gradients_with_ops
            Accepted for TensorFlow's sake; they change no number.
        name
            The name of the operation, by default that of the optimiser.
        grad_loss
            The weight of the loss, of its shape and dtype, as `grad_ys` of `nbgrad.gradients`.

        Returns
        -------
        Operation
            To be run once for each step.

        Raises
        ------
        ValueError
            If there is no variable, the loss depends on none, or it is no tensor of real numbers.
        """
        pairs = self.compute_gradients(
            loss, var_list, gate_gradients, aggregation_method, grad_loss=grad_loss
        )
        if all(gradient is None for gradient, _ in pairs):
            names = ", ".join(f'"{variable!r}"' for _, variable in pairs)
            raise ValueError(
                advise(
                    "No gradients provided for any variable, check your graph for ops that do not "
                    f"support gradients, between variables [{names}] and loss {loss}.",
                    loss.op,
                    "nbgrad.why_none(loss, variable) says what is in the way.",
                )
            )
        return self.apply_gradients(pairs, global_step, name)

    def compute_gradients(
        self,
        loss: Tensor,
        var_list: Tensors | None = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: TensorLike | None = None,
    ) -> GradientsAndVariables:
        """A pair of gradient and variable for each variable: the first half of `minimize`.

        Parameters
        ----------
        loss
            A tensor of real numbers; one that is not a scalar counts as the sum of its elements.
        var_list
            A variable or tensor or a list of them; by default every trainable variable of the
            graph.
        gate_gradients
            `GATE_NONE`, `GATE_OP` or `GATE_GRAPH`, which change no number.
        aggregation_method, colocate_gradients_with_ops
            Accepted for TensorFlow's sake; they change no number.
        grad_loss
            The weight of the loss, of its shape and dtype, as `grad_ys` of `nbgrad.gradients`.

        Returns
        -------
        list of tuple
            (gradient, variable), in the order of `var_list`. The gradient has the variable's shape
            and dtype, and is None where the loss does not depend on the variable.

        Raises
        ------
        ValueError
            If there is no variable, or the loss is no tensor of real numbers.
        """
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        check_float(loss.dtype, loss.name)
        if var_list is None:
            var_list = loss.graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)
        variables = as_list(var_list)
        if not variables:
            raise ValueError("No variables to optimize.")
        found = gradients(
            loss,
            variables,
            grad_ys=grad_loss if grad_loss is None else [grad_loss],
            gate_gradients=gate_gradients == self.GATE_OP,
            aggregation_method=aggregation_method,
        )
        return list(zip(found, variables, strict=True))

    def apply_gradients(
        self,
        grads_and_vars: Iterable[tuple[TensorLike | None, Variable]],
        global_step: Variable | None = None,
        name: str | None = None,
    ) -> Operation:
        """An operation that changes each variable by its gradient: the second half of `minimize`.

        Parameters
        ----------
        grads_and_vars
            Pairs as `compute_gradients` gives them, the gradients changed as you like; a pair whose
            gradient is None is left out.
        global_step
            A variable that counts the steps, one up after each.
        name
            The name of the operation, by default that of the optimiser.

        Returns
        -------
        Operation
            To be run once for each step.

        Raises
        ------
        ValueError
            If there is no pair, every gradient is None, or one has another shape than its variable.
        NotImplementedError
            If something to be changed is no variable.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("No variables provided.")
        given = [(gradient, variable) for gradient, variable in pairs if gradient is not None]
        if not given:
            names = ", ".join(f'"{variable!r}"' for _, variable in pairs)
            raise ValueError(f"No gradients provided for any variable: [{names}].")
        for _, variable in given:
            if not isinstance(variable, Variable):
                raise NotImplementedError("Trying to update a Tensor ", variable)
        done = self._update(given, global_step, name or self._name)
        done.graph.add_to_collection(GraphKeys.TRAIN_OP, done)
        return done

    def descent(
        self, slopes: Callable[[np.ndarray], Sequence[float]], start: Sequence[float], steps: int
    ) -> np.ndarray:
        """The points that this optimizer passes from `start`, in a graph of its own.

        Parameters
        ----------
        slopes
            The derivatives of a function at a point, one for each coordinate.

        Examples
        --------
        >>> tf.train.GradientDescentOptimizer(0.25).descent(lambda at: 2 * at, [4.0], steps=2)
        array([[4.],
               [2.],
               [1.]])
        """
        optimizer = self.without_slots()  # what it remembers of your variables stays there
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


def check_float(dtype: DType, name: str) -> None:
    if not dtype.is_floating:
        raise ValueError(
            f"Invalid type {dtype!r} for {name}, expected: "
            "[tf.float32, tf.float64, tf.float16, tf.bfloat16].\n"
            "Only real numbers can go downhill: write 1. for 1, or use tf.cast."
        )
