"""From fetches to calls: the operations that are needed, in order, each as a call of its kernel.

What nobody could tell from no call at all is none: a result that is the operand itself, as of an
identity or a product with ones; a result of constants alone, which is computed once. Both give the
very bits that computing would give.
"""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrad.core.errors import invalid, is_ours
from nbgrad.core.graph import Operation, Tensor, ancestors
from nbgrad.core.operators import replace_tensors
from nbgrad.core.plan import (
    OPERATORS,
    Call,
    Guard,
    Plan,
    Slot,
    Slots,
    operator_expression,
    same_value,
)
from nbgrad.core.scopes import Branch
from nbgrad.core.shapes import brackets, compatible, element_count, is_known
from nbgrad.core.traits import Effect

#: What stands for a value that only a run will tell.
UNKNOWN = object()

#: Larger constants are computed in every run rather than kept with the plan.
MOST_ELEMENTS = 16_384


class PlanBuilder:
    """Makes the calls of one plan, in order, and gives every value a slot."""

    def __init__(self, fetches: Sequence[Tensor | Operation], feeds: Sequence[Tensor]) -> None:
        self.calls: list[Call] = []
        self.names = Slots()
        # What a plan reaches for in its session, and where the value of each tensor is.
        self.variables, self.generators = map(self.names.new, ("variables", "generators"))
        self.slots: dict[Tensor, Slot] = {}
        self._constant: set[Tensor] = set()
        self._work: dict[Any, Slot] = {}
        self._waiting: set[Operation] = set()
        self._fed = set(feeds)
        for tensor in feeds:
            self._result(tensor)
        needed = ancestors(fetches, stop=feeds)
        given = {t.op for t in feeds if all(each in self.slots for each in t.op.outputs)}
        given |= variables_only_set(needed, fetches)
        for op in needed:
            if op not in given:
                self._add(op)

    def _add(self, op: Operation) -> None:
        """Append the call that does what `op` does, or find what needs no call."""
        waiting = self._waiting
        if op.control_inputs or (waiting and any(t.op in waiting for t in op.inputs)):
            waiting.add(op)
        match op.effect:
            case Effect.NONE:
                self._compute(op)
            case Effect.CONSTANT:
                self._hold(op, shared_constant(op.attributes["value"]))
            case Effect.HOLDS:
                self._read(op, op, self._result(op.outputs[0]))
            case Effect.ENTERS_BRANCH:
                self.slots[op.outputs[0]] = self.slots[op.inputs[0]]
            case Effect.LEAVES_BRANCH:
                self._merge(op)
            case _:
                self._use_session(op)

    def _compute(self, op: Operation) -> None:
        """Append the call of an operation that depends on nothing but its operands."""
        if not op.outputs:
            return  # it was there to wait for others
        arguments = self._arguments(op)
        if self._constant.issuperset(op.inputs):
            settings = {k: replace_tensors(v, self._value) for k, v in op.attributes.items()}
            result = fold_constants(op, list(map(self._known, arguments)), settings)
            if result is not UNKNOWN:
                self._hold(op, result)
                return
        if op.type in OPERATORS:
            same = unchanged_operand(op, [self._known(slot) for slot in arguments])
            if same is not None:
                self.slots[op.outputs[0]] = arguments[same]
                return
        shared = {} if op.definition.shares is None else self._work_shared(op, arguments[0])
        self._call(op, op.definition.kernel, arguments, shared)

    def _known(self, slot: Slot) -> Any:
        """The value that a slot has before the run, or UNKNOWN."""
        return self.names.values.get(slot, UNKNOWN)

    def _value(self, tensor: Tensor) -> Any:
        return self.names.values[self.slots[tensor]]

    def _hold(self, op: Operation, value: Any) -> None:
        """Keep the one value that an operation always has."""
        self.slots[op.outputs[0]] = self.names.holding(value, op.name)
        self._constant.add(op.outputs[0])

    def _work_shared(self, op: Operation, operand: Slot) -> dict[str, Slot]:
        """Work that operations on the same operand share: done once."""
        work: Any = op.definition.shares
        given = {key: value for key, value in op.attributes.items() if value is not None}
        settings = {key: given.get(key, value) for key, value in work.__kwdefaults__.items()}
        if len(op.inputs) > op.operand_count:
            return {}  # a setting is only known in the run
        key = (work, operand, tuple(settings.items()), op.branch)
        if key not in self._work:
            self.names.shared(work)
            self._work[key] = slot = self.names.new(work.__name__)
            self._append(Call(op, work, (operand,), settings, (slot,)))
        return {"shared": self._work[key]}

    def _use_session(self, op: Operation) -> None:
        """A call that also changes the session: its variables, its random numbers."""
        arguments, results, kernel = self._arguments(op), op.outputs, op.definition.kernel
        settings: dict[str, Slot] = {}
        match op.effect:
            case Effect.SETS:
                arguments = (self.variables, self._shared(op.inputs[0].op), *arguments)
                kernel = write
            case Effect.CHANGES:
                refs = tuple(ref.op for ref in op.inputs[: len(results)])
                many = op.definition.dtypes.many
                target = self.names.shared(refs) if many else self._shared(refs[0])
                arguments = (self.variables, target, self.names.shared(kernel), *arguments)
                kernel = update_all if many else update
            case Effect.PEEKS:
                variables = [self._peek(op, t) for t in op.inputs if t.op.is_variable]
                arguments = (*variables, *arguments)
            case Effect.RANDOM:
                generator = settings["generator"] = self.names.new(f"{op.name}_generator")
                drawn = (self.generators, self._shared(op))
                self._append(Call(op, operator.getitem, drawn, {}, (generator,)))
        self._call(op, kernel, arguments, settings)

    def _call(
        self,
        op: Operation,
        function: Callable[..., Any],
        arguments: Sequence[Slot],
        more: dict[str, Slot],
    ) -> None:
        settings = op.attributes
        if len(op.inputs) > op.operand_count:
            settings = {k: replace_tensors(v, self.slots.get) for k, v in settings.items()}
        if more:
            settings = settings | more
        results = tuple([self._result(tensor) for tensor in op.outputs])
        self._append(Call(op, function, arguments, settings, results))

    def _append(self, call: Call, branch: Branch | None = None) -> None:
        call.guard = self.guard(branch or call.op.branch)
        self.calls.append(call)

    def guard(self, branch: Branch | None) -> Guard:
        if branch is None:
            return ()
        return (*self.guard(branch.outer), (self.slots[branch.predicate], branch.value))

    def _merge(self, op: Operation) -> None:
        """The value of whichever branch was taken, in one slot."""
        result = (self._result(op.outputs[0]),)
        for tensor, branch in zip(op.inputs[1:], op.attributes["branches"], strict=True):
            self._append(Call(op, same_value, (self.slots[tensor],), {}, result), branch)

    def _arguments(self, op: Operation) -> tuple[Slot, ...]:
        slots, tensors = self.slots, values_read(op)
        if op in self._waiting:
            return tuple(self._read_again(op, tensor) for tensor in tensors)
        return tuple([slots[tensor] for tensor in tensors])

    def _read_again(self, op: Operation, tensor: Tensor) -> Slot:
        """A variable's value after a control dependency; elsewhere it is that of the beginning."""
        variable = self._variable_read_by(tensor)
        if variable is None:
            return self.slots[tensor]
        return self._read(op, variable, self.names.new(f"{variable.name}_now"))

    def _variable_read_by(self, tensor: Tensor) -> Operation | None:
        """The variable that a tensor is, or that it read before anything was waited for."""
        op = tensor.op
        if op.type == "Identity" and op not in self._waiting and tensor not in self._fed:
            [tensor] = op.inputs
        return tensor.op if tensor.op.is_variable and tensor not in self._fed else None

    def _read(self, op: Operation, variable: Operation, result: Slot) -> Slot:
        read = (self.variables, self._shared(variable))
        self._append(Call(op, operator.getitem, read, {}, (result,)))
        return result

    def _peek(self, op: Operation, variable: Tensor) -> Slot:
        """The value of a variable, or None where it has none yet."""
        result = self.names.new(f"{variable.op.name}_or_none")
        peek = (self.variables, self._shared(variable.op))
        self._append(Call(op, dict.get, peek, {}, (result,)))
        return result

    def _shared(self, op: Operation) -> Slot:
        return self.names.shared(op, f"{op.name}_op")

    def _result(self, tensor: Tensor) -> Slot:
        """The slot of a tensor that is fed, or that a call makes."""
        slot = self.slots.get(tensor)
        if slot is None:
            name = tensor.op.name
            hint = name if len(tensor.op.outputs) == 1 else f"{name}_{tensor.value_index}"
            slot = self.slots[tensor] = self.names.new(hint)
        return slot


def plan_of(fetches: Sequence[Tensor | Operation], feeds: Sequence[Tensor]) -> Plan:
    """The plan that computes some fetches from some feeds."""
    builder = PlanBuilder(fetches, feeds)
    parameters = [builder.slots[tensor] for tensor in feeds]
    returned = [builder.slots[f] if isinstance(f, Tensor) else None for f in fetches]
    session = (builder.variables, builder.generators)
    return Plan(builder.calls, builder.names, session, parameters, returned)


def variables_only_set(needed: Sequence[Operation], fetches: Sequence[Any]) -> set[Operation]:
    """The variables whose value nobody reads: they need not have one yet."""
    variables = {op for op in needed if op.is_variable}
    if variables:
        read = {tensor.op for op in needed for tensor in values_read(op)}
        variables -= read.union(t.op for t in fetches if isinstance(t, Tensor))
    return variables


def values_read(op: Operation) -> Sequence[Tensor]:
    """The operands whose value an operation reads; an assignment does not read its variable."""
    operands = op.inputs[: op.operand_count]
    match op.effect:
        case Effect.SETS:
            return operands[1:]
        case Effect.PEEKS:
            return [tensor for tensor in operands if not tensor.op.is_variable]
        case Effect.CHANGES:
            return operands[len(op.outputs) :]
    return operands


# What needs no call -------------------------------------------------------------------------


def unchanged_operand(op: Operation, values: Sequence[Any]) -> int | None:
    """The position of the operand that the result is, whatever it is; None if there is none.

    `values` holds the value of each operand that is known, and UNKNOWN.
    """
    definition = op.definition
    if operator_expression(op.type, ["x"] * len(values)) == "x":
        return 0
    z = op.outputs[0]
    for i, name in enumerate(definition.operands):
        if definition.notation.neutral.get(name) == 1 and z.dtype.is_floating and is_one(values[i]):
            x = op.inputs[1 - i]
            # A one with more axes would repeat x.
            if is_known(x.static_shape) and x.static_shape == z.static_shape:
                return 1 - i
    return None


def is_one(value: Any) -> bool:
    """Whether a constant is the number one, or an array of nothing else."""
    if value is UNKNOWN or value.size > MOST_ELEMENTS:
        return False
    return bool(np.all(value == 1))


def fold_constants(op: Operation, values: Sequence[Any], settings: dict[str, Any]) -> Any:
    """The result of an operation on constants, or UNKNOWN where it is better computed in a run."""
    definition = op.definition
    count = element_count(op.outputs[0].static_shape)
    # A learner's own kernel may print, or count its calls: it is called in every run.
    ours = is_ours(definition.kernel)
    if not values or definition.dtypes.many or not ours or count is None or count > MOST_ELEMENTS:
        return UNKNOWN
    try:
        with np.errstate(all="ignore"):
            return shared_constant(definition.kernel(*values, **settings))
    except Exception:
        return UNKNOWN  # it fails in the run, with a message that names the operation


def shared_constant(value: Any) -> Any:
    """A value that many runs share: an array that cannot be written, or a scalar."""
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim == 0 and value.dtype != object:
        return value[()]  # NumPy computes faster with its scalars than with 0-d arrays
    value = value.view()
    value.flags.writeable = False
    return value


# What calls do to a session ------------------------------------------------------------------

Variables = dict[Operation, Any]


def write(variables: Variables, ref: Operation, value: Any, validate_shape: bool = True) -> Any:
    """Make `value` the value of a variable, as a copy that nobody can change."""
    shape = ref.outputs[0].static_shape
    if validate_shape and not compatible(shape, np.shape(value)):
        raise invalid(
            "Assign requires shapes of both tensors to match. "
            f"lhs shape= {brackets(shape)} rhs shape= {brackets(np.shape(value))}"
        )
    return keep(variables, ref, np.array(value))


def update(variables: Variables, ref: Operation, kernel: Any, *values: Any, **settings: Any) -> Any:
    """Make what a kernel computes from a variable's value the variable's value."""
    before = variables[ref]
    return keep(variables, ref, checked(before, kernel(before, *values, **settings)))


def update_all(
    variables: Variables,
    refs: tuple[Operation, ...],
    kernel: Any,
    *values: Any,
    **settings: Any,
) -> list[Any]:
    """The same for several variables that change together, such as a weight and its momentum."""
    before = [variables[ref] for ref in refs]
    after = kernel(*before, *values, **settings)
    return [
        keep(variables, ref, checked(old, new))
        for ref, old, new in zip(refs, before, after, strict=True)
    ]


def keep(variables: Variables, ref: Operation, value: Any) -> Any:
    """Store a value that is the session's own from now on: nobody may change it in place."""
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
        value = value if value.ndim else value[()]
    variables[ref] = value
    return value


def checked(before: Any, after: Any) -> Any:
    """A variable's new value, which has the shape of the old one."""
    if np.shape(after) != np.shape(before):
        raise invalid(
            f"var and delta do not have the same shape{brackets(np.shape(before))} "
            f"{brackets(np.shape(after))}"
        )
    return after


class Generators(dict[Operation, Any]):  # NumPy loads its generators when they are first named
    """One random generator for each random operation, made when it is first drawn from."""

    def __missing__(self, op: Operation) -> np.random.Generator:
        graph_seed, op_seed = op.graph.seed, op.attributes["seed"]
        if graph_seed is None and op_seed is None:
            generator = np.random.default_rng()
        else:
            # As TensorFlow pairs its two seeds: either alone makes the sequence repeat, and
            # under the graph's seed every operation has a sequence of its own.
            of_graph = 0 if graph_seed is None else graph_seed
            of_op = zlib.crc32(op.name.encode()) if op_seed is None else op_seed
            generator = np.random.default_rng([abs(of_graph), abs(of_op)])
        self[op] = generator
        return generator
