"""What the `with` blocks around a line do to the operations created in it.

`name_scope` names them, `control_dependencies` makes them wait for others,
`gradient_override_map` gives them another gradient rule, a branch of a `cond` lets them run
only when it is taken. None of these touches an operation that exists already.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence

from nbgrad.core.errors import advise
from nbgrad.core.operation_list import Names, OperationList
from nbgrad.core.registry import Effect, OpDef
from nbgrad.core.tensor import Branch, Operand, Operation, Tensor


class BuildContext(OperationList):
    """The blocks in force while a graph is built, innermost last."""

    def __init__(self) -> None:
        super().__init__()
        self._names = Names()
        self._controllers: list[Controller] = []
        self._overrides: dict[str, Override] = {}
        self.branch: Branch | None = None
        self._branched = False

    def _append(self, op: Operation) -> None:
        op.branch = self.branch
        if self._controllers:
            sources = {tensor.op for tensor in op.inputs}
            for controller in self._controllers:
                controller.govern(op, sources)
        if self._overrides and op.type in self._overrides:
            op.gradient_type = self._overrides[op.type].applied()
        super()._append(op)

    def name_scope(self, name: str | None) -> contextlib.AbstractContextManager[str]:
        """A `with` inside which the names of new operations begin with "name/".

        Parameters
        ----------
        name
            The scope. One that ends in "/" enters that very scope again; None or "" leads to the
            top.

        Returns
        -------
        context manager
            It yields the prefix.

        Raises
        ------
        ValueError
            If the name is not valid.
        """
        return self._names.within(name)

    def get_name_scope(self) -> str:
        """The scope that new names go to.

        Returns
        -------
        str
            Such as "layer"; "" outside of any.
        """
        return self._names.scope

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """The name that an operation would get now.

        Parameters
        ----------
        name
            The name to be made unique.
        mark_as_used
            Whether it is taken from then on.

        Returns
        -------
        str
            With the scope in front, and `_1`, `_2`, … where it is taken.
        """
        taken = self._names.copy()
        unique = self._names.unique(name)
        if not mark_as_used:
            self._names.restore(taken)
        return unique

    @contextlib.contextmanager
    def control_dependencies(
        self, control_inputs: Iterable[Operand | Operation] | None
    ) -> Iterator[None]:
        """A `with` inside which new operations run after others, though they read nothing of them.

        An operation created before is not affected, even if it is used inside.

        Parameters
        ----------
        control_inputs
            Tensors, variables or operations that must have run; None lifts every such rule.
        """
        outer = self._controllers
        if control_inputs is None:
            self._controllers = []
        else:
            elements = [self.as_graph_element(item) for item in control_inputs]
            ops = [e if isinstance(e, Operation) else e.op for e in elements]
            self._controllers = [*outer, Controller(ops)]
        try:
            yield
        finally:
            self._controllers = outer

    @contextlib.contextmanager
    def gradient_override_map(self, op_type_map: Mapping[str, str]) -> Iterator[None]:
        """A `with` inside which new operations get their gradient from the rule of another name.

        It warns where it was of no use: where no operation of a type in the map was created.

        Parameters
        ----------
        op_type_map
            From the type of an operation to the name given to `RegisterGradient`.

        Raises
        ------
        TypeError
            If it does not map strings to strings.
        """
        pairs = op_type_map.items() if isinstance(op_type_map, Mapping) else [(None, None)]
        if not all(isinstance(text, str) for pair in pairs for text in pair):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        outer = self._overrides
        inner = {op_type: Override(name) for op_type, name in op_type_map.items()}
        self._overrides = {**outer, **inner}
        try:
            yield
        finally:
            self._overrides = outer
        for op_type, override in inner.items():
            if not override.used:
                warnings.warn(
                    f"gradient_override_map({{{op_type!r}: {override.name!r}}}) had no effect: no "
                    f"operation of type {op_type!r} was created inside its `with` block. Create "
                    "the operation there, and look up its type with `tensor.op.type`.",
                    stacklevel=3,  # the learner's `with`
                )

    @contextlib.contextmanager
    def inside(self, branch: Branch | None) -> Iterator[None]:
        """A `with` inside which new operations run only when that branch of a `cond` is taken.

        Parameters
        ----------
        branch
            The branch, None for what always runs.
        """
        outer = self.branch
        self.branch = branch
        self._branched = self._branched or branch is not None
        try:
            yield
        finally:
            self.branch = outer

    def _brought_inside(self, definition: OpDef, tensors: list[Tensor]) -> list[Tensor]:
        """The operands of a new operation, as they may be used in the branch in force."""
        if definition.effect in (Effect.ENTERS_BRANCH, Effect.LEAVES_BRANCH):
            return tensors  # the switches themselves
        changes = definition.effect in (Effect.SETS, Effect.CHANGES, Effect.PEEKS)
        return [
            # To be changed, a variable is a place and not a value: it passes no switch.
            t if changes and t.op.is_variable else self._through_switches(t)
            for t in tensors
        ]

    def _through_switches(self, tensor: Tensor) -> Tensor:
        """A tensor from outside enters each branch through a switch of its own.

        The switch is where a gradient finds out whether the branch was taken at all.
        """
        branch = self.branch
        if tensor.op.branch is branch:
            return tensor
        if branch is None:
            raise ValueError(
                advise(
                    f"Operation {tensor.op.name!r} has been marked as not fetchable.",
                    tensor.op,
                    "It is inside a branch of tf.cond, which may not run. Use what cond returns.",
                )
            )
        switch = branch.switches.get(tensor)
        # A switch built in the graph's scratch space is gone from the graph by now.
        if switch is None or self._by_name.get(switch.op.name) is not switch.op:
            with self.inside(branch.outer):
                outside = self._through_switches(tensor)
            switch = branch.switches[tensor] = self.apply("Switch", outside, branch=branch)
        return switch


class Controller:
    """The operations named in one `control_dependencies`, and those created under it."""

    def __init__(self, ops: Sequence[Operation]) -> None:
        self.ops = list(dict.fromkeys(ops))
        self._governed: set[Operation] = set()

    def govern(self, op: Operation, sources: set[Operation]) -> None:
        """Let `op` wait for this controller's operations, unless what it reads does already."""
        if self._governed.isdisjoint(sources):
            known = {*sources, *op.control_inputs}
            op.control_inputs += tuple(c for c in self.ops if c not in known)
        self._governed.add(op)


class Override:
    """The gradient rule that one type of operation is to have, and whether any got it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.used = False

    def applied(self) -> str:
        self.used = True
        return self.name
