"""Every operation with its formula and its gradient rule, read off the registry."""

from __future__ import annotations

import ast
import dataclasses
import html
import inspect
import linecache
import re
import textwrap
from collections.abc import Iterator
from uuid import uuid4

from nbgrad.core.errors import did_you_mean
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
        names = ("operation", "computes", "gradient rule, where dz has arrived")
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        return PAGE.format(
            key=f"nb-operations-{uuid4().hex[:8]}",
            most="" if len(self) <= FEW else "max-height:34em;",
            head=head,
            rows="".join(map(row, self)),
            count=len(self),
        )


FEW = 8  # of more, a console shows only what they compute

#: A table that searches itself. Where no scripts run its search box stays hidden, and all is there.
PAGE = """<div id="{key}" class="nb-operations"><style>
.nb-operations{{{most}overflow:auto;container-type:inline-size;
color-scheme:light dark;background:Canvas;color:CanvasText}}
[data-jp-theme-light="true"] .nb-operations{{color-scheme:light}}
[data-jp-theme-light="false"] .nb-operations{{color-scheme:dark}}
.nb-operations table{{border-collapse:collapse;font-size:14px}}
.nb-operations :is(td,th){{text-align:left;vertical-align:top;padding:.3em .8em}}
.nb-operations :is(code,pre){{font:13px/1.45 ui-monospace,Menlo,Consolas,monospace;margin:0;
padding:0;background:none;color:inherit;white-space:pre-wrap}}
.nb-operations tbody th{{font-weight:400;width:22%;overflow-wrap:anywhere}}
.nb-operations label:not([hidden]){{display:block;position:sticky;top:0;padding:.4em .8em;
background:Canvas;color:CanvasText}}
@container (max-width:520px){{
.nb-operations :is(table,tbody,tr,td,tbody th){{display:block;width:auto;padding:.1em .4em}}
.nb-operations thead{{display:none}}
.nb-operations tr:not([hidden]){{padding:.5em 0;border-bottom:1px solid #8886}}
.nb-operations tr[hidden]{{display:none}}
}}
.nb-operations input{{font:inherit;width:20em;max-width:60%}}
@media print{{.nb-operations{{max-height:none}}.nb-operations label{{display:none!important}}}}
</style><label hidden>search <input type="search" placeholder="conv, relu, Σ, negative(dz) …">
<output>{count}</output> operations</label>
<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
<script>(() => {{
  const here = document.getElementById("{key}"), rows = [...here.querySelectorAll("tbody tr")];
  const label = here.querySelector("label"), count = here.querySelector("output");
  label.hidden = false;
  label.querySelector("input").addEventListener("input", (event) => {{
    const words = event.target.value.toLowerCase().split(" ");
    const found = (row) => words.every((word) => row.textContent.toLowerCase().includes(word));
    for (const row of rows) row.hidden = !found(row);
    count.value = rows.filter((row) => !row.hidden).length;
  }});
}})();</script></div>"""


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
