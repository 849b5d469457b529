"""Labels, the names of tensors in pictures: a name given, a Python variable, or a letter.

A picture that says "mul_3" makes the learner look for the line; one that says "b" and was
made from `b = a * y` does not.
"""

from __future__ import annotations

import ast
import bisect
import itertools
import linecache
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from nbgrad.core.errors import SourceLine
from nbgrad.core.graph import Operation, Tensor
from nbgrad.trace import formulas
from nbgrad.trace.formulas import Formula, subscript

#: What Python's operators call their operations, where it is not the type's own name.
OPERATORS = {"truediv", "div", "mod", "and", "or", "xor"}

#: d and e stand for derivatives and for Euler's number, i and l for what they look like.
LETTERS = "abcghkmnpqrstuvwz"

#: What is kept in a dictionary, by its key.
ITEM = re.compile(r"[^\[]+\['(\w+)'\]$")


def labels_of(
    tensors: Sequence[Tensor], xs: Sequence[Tensor], numbers: Mapping[Tensor, Formula]
) -> dict[Tensor, Formula]:
    """A label for each tensor, no two alike but for numbers.

    A constant is called by its value, unless it is an x; so are `numbers`, which operations make.
    """
    assigned = AssignedNames()
    proposed = {t: name_given(t) or assigned.name_of(t) for t in tensors if t not in numbers}
    proposed = with_keys_alone(proposed)
    wanted = Counter(label for label in proposed.values() if label)
    # No name in the code that made them may label what it does not name.
    codes = {tensor.op.source.code for tensor in tensors}
    used = {name for code in codes for name in (*code.co_varnames, *code.co_names)}
    letters = (letter for letter in LETTERS if letter not in used | wanted.keys())
    others = (f"n{subscript(number)}" for number in itertools.count(1))
    count: Counter[str] = Counter()
    labels = dict(numbers)
    for tensor, proposal in proposed.items():
        value = None if proposal or tensor in xs else formulas.constant_number(tensor)
        if value is not None:
            labels[tensor] = formulas.of_number(value)
            continue
        label = proposal or next(letters, "") or next(others)
        if wanted[label] > 1:
            count[label] += 1
            label = f"{label}{subscript(count[label])}"
        labels[tensor] = formulas.of_name(label)
    return labels


def with_keys_alone(proposed: Mapping[Tensor, str | None]) -> dict[Tensor, str | None]:
    """The labels, with `weights['h1']` as `h1` where nothing else is called so."""
    keys = {t: key[1] for t, label in proposed.items() if label and (key := ITEM.match(label))}
    count = Counter([*keys.values(), *filter(None, proposed.values())])
    return {t: keys[t] if count[keys.get(t, "")] == 1 else own for t, own in proposed.items()}


def name_given(tensor: Tensor) -> str | None:
    """The last part of an operation's name, unless it is the default of such operations."""
    op = tensor.op
    scope, _, own = op.name.rpartition("/")
    if any(reader.name == scope for reader in op.outputs[0].consumers()):
        return None  # "MatMul/b": what was written as an operand, and is called after it
    base, _, count = own.rpartition("_")
    plain = base if base and count.isdigit() else own
    usual = {op.type.lower(), op.definition.default_name.lower(), "initial_value", *OPERATORS}
    usual |= {"x", "y"} if "/" in op.name else set()
    if plain.lower() in usual:
        return None
    # What a cell makes when it is run again is called as before.
    own = op.graph.requested_name(op.name).rpartition("/")[2]
    return f"{own}[{tensor.value_index}]" if results_of(op) > 1 else own


def paths_of(tensors: Sequence[Tensor]) -> dict[str, str]:
    """For each operation's name, and each scope, what it would be in a graph without any others.

    Of a cell that is run again, "layer_1/mul_7" is "layer/mul", as it was at first.
    """
    paths: dict[str, str] = {"": ""}
    taken: Counter[str] = Counter()  # for each path, the number that its next namesake may have
    for op in (tensor.op for tensor in tensors):
        for name in itertools.accumulate(op.name.split("/"), "{}/{}".format):
            if name not in paths:
                scope = paths[name.rpartition("/")[0]]
                own = op.graph.requested_name(name).rpartition("/")[2]
                path = first = f"{scope}/{own}" if scope else own
                while path in taken:
                    path = f"{first}_{taken[first]}"
                    taken[first] += 1
                taken[path] = 1
                paths[name] = path
    return paths


def results_of(op: Operation) -> int:
    """The number of results of an operation that a program sees."""
    return formulas.result_count(op) or len(op.outputs)


# Assignments ----------------------------------------------------------------------------------

Position = tuple[int, int]

#: In the place of a name, of what a function returns; then, its place among several results.
RETURNED = ""


class Assignment(NamedTuple):
    """A statement `name = …`: where it stands, and what its right side builds."""

    names: tuple[str, ...]  # several where one call gives several results
    start: Position
    end: Position
    operators: int  # operators and calls on its right
    call: Position | None = None  # the beginning of the call that makes all of its right side
    listed: bool = False  # whether its right side is a list, made element by element
    repeated: bool = False  # whether its right side holds a loop, and one turn of it is no result


class AssignedNames:
    """The Python variables that tensors were assigned to.

    Of all operations that a statement builds, the last one makes what is assigned. A statement
    in a loop builds the same sequence again and again, each time with such a last one.
    """

    def __init__(self) -> None:
        self._names: dict[Operation, Sequence[str]] = {}  # that an operation's results are given
        self._statements: dict[tuple[int, int, int], Assignment | None] = {}
        self._operations: list[Operation] = []

    def name_of(self, tensor: Tensor) -> str | None:
        """The variable that a tensor was assigned to, or None."""
        op = tensor.op
        if op not in self._names:
            self._find_names(op)
        names = self._names[op]
        if names and names[0] == RETURNED:
            return self._returned_as(op, *map(int, names[1:]))
        if len(names) == results_of(op):
            return names[tensor.value_index]
        return f"{names[0]}[{tensor.value_index}]" if len(names) == 1 else None

    def _returned_as(self, op: Operation, place: int | None = None) -> str | None:
        """The variable that what a user's function returns is assigned to, `W = weights(3, 5)`."""
        outer = None if op.caller is None else self._statement(op.caller)
        if op.caller is None or outer is None or outer.call is None or outer.listed:
            return None
        begins = op.caller.column in (None, outer.call[1]) and op.caller.number == outer.call[0]
        is_one = (len(outer.names) == 1) is (place is None)
        return next(iter(outer.names[place or 0 :]), None) or None if begins and is_one else None

    def _find_names(self, op: Operation) -> None:
        """The names of all operations that one statement built; most have none."""
        statement = self._statement(op.source)
        # What a function without a name makes is called as what that is called with.
        if statement is None or op.source.code.co_name == "<lambda>":
            self._names[op] = ()
            return
        built = self._built_by(op, statement)
        self._names |= dict.fromkeys(built, ())
        if statement.listed:
            self._names |= self._elements_of(statement.names[0], built)
            return
        least = len(built) if statement.repeated else statement.operators
        length = period([each.type for each in built], least)
        for turn, each in enumerate(built, start=1):
            # A variable is assigned and read after it is made: it is not the last one built.
            if (turn % length == 0 or each.is_variable) and is_outermost(each, statement):
                self._names[each] = statement.names

    def _built_by(self, op: Operation, statement: Assignment) -> list[Operation]:
        """All operations that one statement built, in the order of creation."""

        def same(other: Operation) -> bool:
            # By file, not by function: a statement may hold a lambda.
            there = other.source.code.co_filename == op.source.code.co_filename
            return there and self._statement(other.source) == statement

        operations = self._operations = self._operations or op.graph.get_operations()
        position = bisect.bisect_left(operations, op.index, key=lambda each: each.index)
        before = itertools.takewhile(same, reversed(operations[:position]))
        after = itertools.takewhile(same, operations[position + 1 :])
        return [*reversed([*before]), op, *after]

    def _elements_of(self, name: str, built: Sequence[Operation]) -> dict[Operation, list[str]]:
        """The items of a comprehension by their place in the list; nothing where that is unknown.

        An element is what its last instruction makes, and what that does not use any further.
        """
        line = built[-1].source
        made = [op for op in built if op.source == line]
        if len(made) != sum(op.source == line for op in self._operations):
            return {}  # the list was made several times, or with a function of the learner's
        used = {tensor.op for op in made for tensor in op.inputs}
        variables = [op for op in made if op.is_variable]
        elements = variables or [op for op in made if op not in used]
        items = ((op, f"{name}[{place}]") for place, op in enumerate(elements))
        return {op: [item] for op, item in items if results_of(op) == 1}

    def _statement(self, source: SourceLine) -> Assignment | None:
        code, number, instruction = source
        key = id(code), number, instruction  # quicker than the hash of all code in a module
        if key not in self._statements:
            self._statements[key] = statement_at(source)
        return self._statements[key]


def is_outermost(op: Operation, statement: Assignment) -> bool:
    """Whether it may be what is assigned: `y = f(x * 2)` calls the product neither y nor f."""
    column = op.source.column
    if statement.call is None or column is None or op.source.number != statement.call[0]:
        return True
    return column == statement.call[1]


def period(types: Sequence[str], at_least: int) -> int:
    """The length of the sequence that repeats, no shorter than what the statement spells out."""
    for length in range(max(at_least, 1), len(types) // 2 + 1):
        if len(types) % length == 0 and types[length:] == types[:-length]:
            return length
    return len(types)


def statement_at(source: SourceLine) -> Assignment | None:
    """The assignment that a place in a program belongs to, or None."""
    text = "".join(linecache.getlines(source.code.co_filename))
    line = [each for each in assignments(text) if each.start[0] <= source.number <= each.end[0]]
    if len(line) != 1 and source.column is not None:
        # Of several statements in one line, the column tells; Python before 3.11 does not know it.
        here = (source.number, source.column)
        return next((each for each in line if each.start <= here < each.end), None)
    return line[0] if len(line) == 1 else None


@lru_cache(maxsize=64)
def assignments(text: str) -> list[Assignment]:
    """The assignments in a program's text."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):  # a notebook cell may hold a `%magic`
        return []
    found: list[Assignment] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            found += assignment(node.targets[0], node.value, node)
        elif isinstance(node, ast.Return) and node.value is not None:
            found += returned(node.value, node)
    return found


def returned(value: ast.expr, whole: ast.AST) -> Iterator[Assignment]:
    """What a function returns: its name is the one, or one of those, that its caller gives it."""
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    for place, part in enumerate(parts):
        if isinstance(part, ast.Call | ast.BinOp):
            alone = part is value
            names = (RETURNED,) if alone else (RETURNED, str(place))
            yield spanning(names, part, whole if alone else part)


def assignment(target: ast.expr, value: ast.expr, whole: ast.AST) -> Iterator[Assignment]:
    """`x = …`, `self.w = …`, `p, q = …, …`, and `p, q = …` with several results; lists, too."""
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for each, part in zip(targets, values, strict=True):
                yield from assignment(each, part, part)
        case ast.Tuple(elts=targets), _ if all(isinstance(t, ast.Name) for t in targets):
            yield spanning(tuple(t.id for t in targets if isinstance(t, ast.Name)), value, whole)
        case ast.Name(id=name), ast.List() | ast.Tuple() | ast.Dict():
            for item, part in items(name, value):
                yield from assignment(ast.Name(item), part, part)
        case ast.Name(id=name), ast.ListComp(elt=ast.BinOp() | ast.Call() as element):
            yield spanning((name,), element, whole)._replace(listed=True)
        case (ast.Name(id=name), _) | (ast.Attribute(attr=name), _):
            if not isinstance(value, NO_TENSORS):
                yield spanning((name,), value, whole)


def items(name: str, value: ast.List | ast.Tuple | ast.Dict) -> Iterator[tuple[str, ast.expr]]:
    """The items of a list by their places, of a dictionary by their keys."""
    if isinstance(value, ast.Dict):
        for key, part in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield f"{name}['{key.value}']", part
    elif not any(isinstance(part, ast.Starred) for part in value.elts):
        yield from ((f"{name}[{place}]", part) for place, part in enumerate(value.elts))


#: Expressions that are no tensors, though tensors may be made in them.
LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
NO_TENSORS = (*LOOPS, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.Lambda)


def spanning(names: tuple[str, ...], value: ast.expr, whole: Any) -> Assignment:
    """An assignment with its place in the text."""
    kinds = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Compare, ast.Subscript)
    operators = sum(isinstance(each, kinds) for each in ast.walk(value))
    start, end = (whole.lineno, whole.col_offset), (whole.end_lineno, whole.end_col_offset)
    call = (value.lineno, value.col_offset) if isinstance(value, ast.Call) else None
    repeated = any(isinstance(each, LOOPS) for each in ast.walk(value))
    return Assignment(names, start, end, operators, call, repeated=repeated)
