"""Operations by the name of their type: built by it, and in a table with formulas and rules."""

from __future__ import annotations

import ast
import dataclasses
import html
import inspect
import linecache
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any
from uuid import uuid4

from nbgrad.core.errors import did_you_mean
from nbgrad.core.graph import graph_of
from nbgrad.core.operands import TensorLike
from nbgrad.core.registry import GradientRule, OpDef, definition_of, gradient_rules, operation_types

NO_DERIVATIVE, NO_RULE = "no derivative: gradients end here", "no rule: a gradient is an error"


@dataclasses.dataclass(frozen=True)
class Entry:
    """An operation: its name, how it is drawn, what it computes, and its rule as it stands now."""

    type: str
    symbol: str
    formula: str
    rule: str

    @classmethod
    def of(cls, definition: OpDef) -> Entry:
        formula = (inspect.getdoc(definition.kernel) or definition.type).splitlines()[0]
        symbol, op_type = definition.notation.symbol, definition.type
        return cls(op_type, symbol, formula, rule_text(op_type))


class Catalogue:
    """A table of operations; it shows itself in a notebook, and `print` shows all of it as text."""

    def __init__(self, entries: list[Entry], part_of_name: str = "") -> None:
        self.entries = entries
        self.part_of_name = part_of_name

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, op_type: str) -> Entry:
        definition = definition_of(op_type)
        return next(entry for entry in self.entries if entry.type == definition.type)

    def __str__(self) -> str:
        parts = [f"{e.type}: {e.formula}\n{textwrap.indent(e.rule, '    ')}" for e in self.entries]
        return "\n\n".join(parts) or self.emptiness()

    def __repr__(self) -> str:
        if len(self) <= FEW:
            return str(self)
        lines = [textwrap.shorten(f"{each.type}: {each.formula}", 100) for each in self.entries]
        return "\n".join([*lines, f"({len(self)} operations; print them to see their rules)"])

    def emptiness(self) -> str:
        """The message where no operation was found."""
        hint = did_you_mean(self.part_of_name.capitalize(), operation_types())
        return f"No operation's name contains {self.part_of_name!r}. {hint}".rstrip()

    def _repr_html_(self) -> str:
        if not self.entries:
            return html.escape(self.emptiness())
        return Template(PAGE.read_text("utf-8")).substitute(
            key=f"nb-operations-{uuid4().hex[:8]}",
            most="" if len(self) <= FEW else "max-height:34em;",
            rows="".join(map(row, self)),
            count=len(self),
        )


FEW = 8  # of more, a console shows only what they compute
PAGE = Path(__file__).with_suffix(".html")  # searches itself; without scripts, all is there


def row(entry: Entry) -> str:
    """An entry as a row of an HTML table."""
    name, symbol, formula, rule = map(html.escape, dataclasses.astuple(entry))
    unbroken = r'<span style="white-space:nowrap">\g<0></span>'
    formula = re.sub(r"\bz = [^.,]{1,30}", unbroken, formula)
    sign = f" {symbol}" if symbol.lower() != name.lower() else ""
    rule = rule if entry.rule in (NO_DERIVATIVE, NO_RULE) else f"<pre>{rule}</pre>"
    head = f'<th scope="row"><code>{name}</code>{sign}</th>'
    return f"<tr>{head}<td>{formula}</td><td>{rule}</td></tr>"


def operations(containing: str = "") -> Catalogue:
    """Every operation: what it computes, and the rule that sends its gradient back.

    `containing` leaves only those whose name contains this text, in either case. The result shows
    itself as text and, in a notebook, as a table.

    >>> ng.operations("SquaredDiff")
    SquaredDifference: The square of a difference, z = (x − y)².
        x, y = op.inputs
        dx = multiply(dz, multiply(2, subtract(x, y)))
        return dx, negative(dx)
    """
    wanted = [name for name in operation_types() if containing.lower() in name.lower()]
    return Catalogue([Entry.of(definition_of(name)) for name in wanted], containing)


def apply(op_type: str, *operands: TensorLike, name: str | None = None, **attributes: Any) -> Any:
    """Build an operation by the name of its type, in the graph of its operands.

    Parameters
    ----------
    op_type
        A registered type, such as "Mul"; `nbgrad.operations()` lists them.
    *operands
        Tensors, or what becomes constants.
    name
        The name of the operation, by default its type's.
    **attributes
        What else determines it, such as the axis of a sum.

    Returns
    -------
    Tensor, list of Tensor or Operation
        Its result; a list where there are several, the operation itself where there is none.

    Raises
    ------
    LookupError
        If there is no such type.
    TypeError, ValueError
        If operands or attributes do not fit it, or each other.

    Examples
    --------
    >>> print(ng.apply("Mul", ng.constant(3.0), 2.0))
    Tensor("Mul:0", shape=(), dtype=float32)
    """
    graph = graph_of(*operands, *attributes.values())
    return graph.apply(op_type, *operands, name=name, **attributes)


def rule_text(op_type: str) -> str:
    """The source of a gradient rule, without its decorator and first line."""
    known = gradient_rules()
    if op_type not in known:
        return NO_RULE
    rule = known[op_type]
    return NO_DERIVATIVE if rule is None else body_of(rule)


def body_of(rule: GradientRule) -> str:
    """The body of a function as source, with the comments above it, without its docstring."""
    try:
        linecache.checkcache()
        if getattr(rule, "__name__", "") == "<lambda>":
            return f"return {formula_of(inspect.unwrap(rule))}"
        source = textwrap.dedent(inspect.getsource(rule))
        tree = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError):
        return f"(the source of {getattr(rule, '__name__', rule)} is not at hand)"
    if not isinstance(tree, ast.FunctionDef):
        return source.strip()
    lines, documented = source.splitlines(), ast.get_docstring(tree) and tree.body[1:]
    first = tree.body[1 if documented else 0].lineno - 1
    while lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return textwrap.dedent("\n".join(lines[first:]))


def formula_of(function: GradientRule) -> str:
    """What a lambda returns; more than one in a line count as the first."""
    tree, line = (
        ast.parse("".join(inspect.findsource(function)[0])),
        function.__code__.co_firstlineno,
    )
    lambdas = (node for node in ast.walk(tree) if isinstance(node, ast.Lambda))
    return ast.unparse(next(node.body for node in lambdas if node.lineno == line))
