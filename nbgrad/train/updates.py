"""How the operations that change variables are built: settings cast, one call for all slots."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from nbgrad.core.default_graph import graph_of
from nbgrad.core.endpoints import as_list
from nbgrad.core.graph import Graph, Operation, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.registry import Effect
from nbgrad.core.shapes import Shape, assigned, is_known
from nbgrad.core.typing import Setting, TensorLike
from nbgrad.ops.constants import zeros_like
from nbgrad.ops.copying import cast
from nbgrad.ops.define import operation
from nbgrad.tf1.control import group
from nbgrad.tf1.variables import Variable, assign_add


def update_operation(op_type: str, changes: int = 1) -> Callable[..., Any]:
    """Register a NumPy function as the kernel of an operation that updates variables.

    Parameters
    ----------
    changes
        How many of the function's parameters are variables to be changed; they come first,
        and the function returns their new values. The last parameter is the gradient.
    """

    def shape(*shapes: Shape, **_attributes: Any) -> Any:
        after = [assigned(ref, shapes[-1]) for ref in shapes[:changes]]
        return after if changes > 1 else after[0]

    def decorate(kernel: Callable[..., Any]) -> Callable[..., Any]:
        count = kernel.__code__.co_argcount
        signature = f"{','.join('T' * count)}->{','.join('T' * changes)}"
        return operation(
            op_type,
            dtypes=signature,
            shape=shape,
            effect=Effect.CHANGES,
            symbol="←",
        )(kernel)

    return decorate


def build_update(
    op_type: str,
    variables: list[Variable],
    settings: Mapping[str, Tensor],
    gradient: Tensor,
    **attributes: Any,
) -> Any:
    """An operation of that type; its first result is the first variable's new value.

    The settings stand in the order of the kernel's parameters, between variables and gradient.
    """
    refs = [variable.as_graph_element() for variable in variables]
    dtype = variables[0].dtype
    fitting = [s if s.dtype is dtype else cast(s, dtype) for s in settings.values()]
    made = variables[0].graph.apply(op_type, *refs, *fitting, gradient, **attributes)
    return made[0] if isinstance(made, list) else made


S = TypeVar("S", bound="Slots")


class Slots:
    """Variables that belong to an optimiser: some for each variable it trains, some for all."""

    def __init__(self) -> None:
        self._slots: dict[str, dict[Variable, Variable]] = {}
        self._shared: dict[tuple[str, Graph], Variable] = {}

    def get_slot(self, var: Variable, name: str) -> Variable | None:
        """What this optimiser remembers of a variable under a name.

        Parameters
        ----------
        var
            A variable that it trains.
        name
            One of `get_slot_names`, such as "momentum", or "m" and "v" for Adam.

        Returns
        -------
        Variable or None
            Of the shape and dtype of `var`; None where there is none (yet).
        """
        return self._slots.get(name, {}).get(var)

    def get_slot_names(self) -> list[str]:
        """The names of the slots, sorted.

        Returns
        -------
        list of str
            Empty before the first `apply_gradients`.
        """
        return sorted(self._slots)

    def variables(self) -> list[Variable]:
        """Every variable that this optimiser has made for itself, sorted by name.

        Returns
        -------
        list of Variable
            Its slots, and what they share, such as Adam's powers of β.
        """
        slots = [slot for each in self._slots.values() for slot in each.values()]
        return sorted([*self._shared.values(), *slots], key=lambda variable: variable.name)

    def without_slots(self: S) -> S:
        """A copy with the same settings, to train other variables from the start.

        What this optimiser remembers of its variables, and what it made in their graph, stays
        with it alone.

        Returns
        -------
        Optimizer
            One of the same class, which has no slots yet.

        Examples
        --------
        >>> import nbgrad as ng
        >>> adam = ng.train.AdamOptimizer(0.25)
        >>> with ng.Graph().as_default():
        ...     w = ng.Variable(3.0)
        ...     step = adam.minimize(w * w)
        >>> adam.get_slot_names(), adam.without_slots().get_slot_names()
        (['m', 'v'], [])
        """
        twin = copy.copy(self)
        twin._slots, twin._shared = {}, {}
        return twin

    def slot(self, var: Variable, name: str) -> Variable:
        """What this optimiser remembers of a variable under a name, which exists by now.

        Parameters
        ----------
        var
            A variable that it trains.
        name
            One of `get_slot_names`.

        Returns
        -------
        Variable
            Of the shape and dtype of `var`.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._slots[name][var]

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
            slots[var] = Variable(val, trainable=False, name=f"{var.op.name}/{op_name}")
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


class UpdateRule(Slots):
    """The half of an optimiser that its subclasses fill in."""

    def __init__(self, settings: Mapping[str, Setting]) -> None:
        super().__init__()
        self._given = settings
        self._settings: dict[str, Tensor] = {}

    def _update(
        self,
        given: Sequence[tuple[TensorLike, Variable]],
        global_step: Variable | None,
        name: str,
    ) -> Operation:
        """The operation that changes each variable by its gradient, and then counts the step."""
        graph = given[0][1].graph
        with graph.as_default():
            with graph.name_scope(None):
                self._create_slots([variable for _, variable in given])
            with graph.name_scope(name) as scope:
                self._prepare()
                updates = [self._updated(gradient, variable) for gradient, variable in given]
                done = self._finish(updates, scope if global_step is None else "update")
                if global_step is not None:
                    with graph.control_dependencies([done]):
                        done = assign_add(global_step, 1, name=scope).op
        return done

    def _updated(self, gradient: Any, variable: Variable) -> Any:
        """The assignments that change one variable, its constraint included."""
        graph = variable.graph
        with graph.name_scope(f"update_{variable.op.name}"):
            update = self._apply_dense(as_tensor(gradient, graph, variable.dtype), variable)
            if variable.constraint is None:
                return update
            with graph.control_dependencies(as_list(update)[:1]):
                return variable.assign(variable.constraint(variable.read_value()))

    def _prepare(self) -> None:
        """Make what all updates share: the settings as tensors."""
        self._settings = {name: self._setting(value, name) for name, value in self._given.items()}

    def _create_slots(self, var_list: Sequence[Variable]) -> None:
        """Make what each variable needs besides its value, such as a momentum."""

    def _apply_dense(self, grad: Tensor, var: Variable) -> Any:
        """The assignment that changes `var` by its gradient."""
        raise NotImplementedError(f"{type(self).__name__} does not say how to update a variable.")

    def _finish(self, update_ops: Sequence[Any], name_scope: str) -> Operation:
        """The operation that does all of the updates."""
        return group(*update_ops, name=name_scope)

    def _call_if_callable(self, value: Any) -> Any:
        return value() if callable(value) else value

    def _setting(self, value: Any, name: str) -> Tensor:
        """A setting as a tensor: it may be a number, a function giving one, or a tensor."""
        value = self._call_if_callable(value)
        # A learning rate of 1 is the number 1.0, not an integer.
        value = float(value) if isinstance(value, int) else value
        return as_tensor(value, graph_of(value), name=name)
