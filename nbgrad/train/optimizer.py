"""Optimisers: gradients of a loss, and the assignments that follow them downhill."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nbgrad.collecting import GraphKeys
from nbgrad.dtypes import DType
from nbgrad.endpoints import as_list
from nbgrad.errors import advise
from nbgrad.graph import Graph
from nbgrad.operands import as_tensor
from nbgrad.ops.arrays import cast
from nbgrad.ops.define import operation
from nbgrad.ops.control import group
from nbgrad.ops.state import Variable, assign_add
from nbgrad.reverse_mode import gradients
from nbgrad.shapes import Shape, assigned
from nbgrad.tensor import Operation, Tensor

GradientsAndVariables = list[tuple[Tensor | None, Variable]]


class Optimizer:
    """What all optimisers share: which gradients, of which variables, in which order.

    A subclass says in `_update` how one variable changes, given its gradient.

    Parameters
    ----------
    name
        The name of the training operation.
    """

    GATE_NONE, GATE_OP, GATE_GRAPH = 0, 1, 2

    def __init__(self, use_locking: bool = False, name: str = "Optimizer") -> None:
        self._name = name

    def get_name(self) -> str:
        return self._name

    def minimize(
        self,
        loss: Tensor,
        global_step: Variable | None = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Operation:
        """An operation that changes the variables once, so that `loss` falls.

        A loss that is not a scalar counts as the sum of its elements.

        Raises
        ------
        ValueError
            If there is no variable, or the loss depends on none.
        """
        pairs = self.compute_gradients(
            loss, var_list, gate_gradients, aggregation_method, grad_loss=grad_loss
        )
        variables = [variable for gradient, variable in pairs if gradient is not None]
        if not variables:
            names = ", ".join(f'"{variable!r}"' for _, variable in pairs)
            raise ValueError(
                advise(
                    "No gradients provided for any variable, check your graph for ops that do not "
                    f"support gradients, between variables [{names}] and loss {loss}.",
                    loss.op,
                )
            )
        return self.apply_gradients(pairs, global_step, name)

    def compute_gradients(
        self,
        loss: Tensor,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> GradientsAndVariables:
        """A (gradient, variable) pair for each variable, by default for each trainable one.

        Parameters
        ----------
        grad_loss
            The weight of the loss, as `grad_ys` of `gradients`.

        Raises
        ------
        ValueError
            If there is no variable.
        """
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        check_float(loss.dtype, loss.name)
        variables = as_list(var_list) if var_list is not None else trainable(loss.graph)
        if not variables:
            raise ValueError("No variables to optimize.")
        found = gradients(
            loss,
            variables,
            grad_ys=grad_loss if grad_loss is None else [grad_loss],
            aggregation_method=aggregation_method,
        )
        return list(zip(found, variables, strict=True))

    def apply_gradients(
        self,
        grads_and_vars: Iterable[tuple[Any, Variable]],
        global_step: Variable | None = None,
        name: str | None = None,
    ) -> Operation:
        """An operation that changes each variable by its gradient; pairs with None are left out.

        Raises
        ------
        ValueError
            If there is no pair, or every gradient is None.
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
        graph = given[0][1].graph
        with graph.name_scope(name or self._name) as scope:
            self._prepare(graph)
            updates = []
            for gradient, variable in given:
                with graph.name_scope(f"update_{variable.op.name}"):
                    dtype = variable.dtype
                    updates.append(self._update(as_tensor(gradient, graph, dtype), variable))
            done = group(*updates, name=scope if global_step is None else "update")
            if global_step is not None:
                with graph.control_dependencies([done]):
                    done = assign_add(global_step, 1, name=scope).op
        graph.add_to_collection(GraphKeys.TRAIN_OP, done)
        return done

    def _prepare(self, graph: Graph) -> None:
        """Make what all updates share, such as the learning rate."""

    def _update(self, gradient: Tensor, variable: Variable) -> Tensor:
        """The assignment that changes `variable` by its gradient."""
        raise TypeError(f"{type(self).__name__} does not say how to update a variable.")


class GradientDescentOptimizer(Optimizer):
    """w ← w − η · ∂loss/∂w

    Parameters
    ----------
    learning_rate
        η: a number, or a tensor whose value is read in every step.

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
        self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent"
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    def _prepare(self, graph: Graph) -> None:
        rate = self._learning_rate() if callable(self._learning_rate) else self._learning_rate
        rate = float(rate) if isinstance(rate, int) else rate
        self._rate = as_tensor(rate, graph, name="learning_rate")

    def _update(self, gradient: Tensor, variable: Variable) -> Tensor:
        ref = variable.as_graph_element()
        rate = in_dtype(self._rate, variable.dtype)
        result: Tensor = ref.graph.apply("ApplyGradientDescent", ref, rate, gradient)
        return result


def updated(ref: Shape, _rate: Shape, delta: Shape) -> Shape:
    """The shape rule of an update: the variable's shape, which the gradient must have too."""
    return assigned(ref, delta)


@operation("ApplyGradientDescent", dtypes="T,T,T->T", shape=updated, stateful="updates")
def _apply_gradient_descent(var: Any, alpha: Any, delta: Any) -> Any:
    return var - alpha * delta


def in_dtype(tensor: Tensor, dtype: DType) -> Tensor:
    """A setting such as a learning rate, in the dtype of a variable."""
    return tensor if tensor.dtype is dtype else cast(tensor, dtype)


def check_float(dtype: DType, name: str) -> None:
    if not dtype.is_floating:
        raise ValueError(
            f"Invalid type {dtype!r} for {name}, expected: "
            "[tf.float32, tf.float64, tf.float16, tf.bfloat16]."
        )


def trainable(graph: Graph) -> list[Variable]:
    return graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)
