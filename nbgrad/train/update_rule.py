"""Update rules: how one variable changes, given its gradient and the settings of a method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbgrad.graph import Operation, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.graph.typing import Setting, TensorLike
from nbgrad.ops.programs.control import group
from nbgrad.ops.state.assigning import assign_add
from nbgrad.ops.state.variables import Variable
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.train.slots import Slots


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
