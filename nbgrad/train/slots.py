"""Slots: what an optimiser remembers beside a variable, such as its momentum."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

import numpy as np

from nbgrad.graph import Graph
from nbgrad.ops.copying.repetition import zeros_like
from nbgrad.ops.state.variables import Variable
from nbgrad.shapes import is_known

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
