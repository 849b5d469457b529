"""A trace on a page: its picture, and a table with a row for each node."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from nbgrad.picture.drawing import Drawing
from nbgrad.picture.output.css import fragment, table_element
from nbgrad.picture.result import Result, Writers
from nbgrad.picture.theme import Theme
from nbgrad.picture.words import HEADS, cells, headline, unique_names
from nbgrad.trace.model import Node, Trace
from nbgrad.trace.numbers import Numbers, exact, one_line, short

CSS = """
.nb-trace{padding-top:0}
.nb-trace th,.nb-trace td{text-align:left}
.nb-trace td:nth-child(n+3):nth-child(-n+5){text-align:right;white-space:nowrap}
.nb-trace th:nth-child(n+3):nth-child(-n+5){text-align:right}
.nb-trace td:first-child{font-weight:650;white-space:nowrap}
.nb-trace td:nth-child(4){color:var(--nb-value)}
.nb-trace td:nth-child(n+5){color:var(--nb-adjoint)}
.nb-trace summary{cursor:pointer;color:var(--nb-mute)}
"""

MANY = 24
"""A table of more rows than this opens by a click."""


@dataclass(frozen=True, repr=False)
class TraceTable(Result):
    """A trace as one looks at it."""

    trace: Trace
    theme: Theme = "auto"

    @property
    def drawing(self) -> Drawing:
        return Drawing.of(self.trace, theme=self.theme)

    @property
    def title(self) -> str:
        return headline(self.trace)

    @property
    def text(self) -> str:
        return self.drawing.text

    @property
    def html(self) -> str:
        """The picture, and the table below it."""
        table = table_of_nodes(self.trace)
        if len(self.trace.nodes) > MANY:
            summary = f"<summary>a table of {len(self.trace.nodes)} nodes</summary>"
            table = f"<details>{summary}{table}</details>"
        return f"<div>{self.drawing.html}{fragment('nb-trace', table, self.theme, CSS)}</div>"

    def writers(self) -> Writers:
        return {**self.drawing.writers(), **super().writers()}


def table_of_nodes(trace: Trace) -> str:
    """A row for each node; a large array by its least and its greatest number."""
    names = unique_names(trace)
    return table_element(HEADS, "".join(node_row(trace, node, names) for node in trace.nodes))


LISTED = 4
"""An array of more elements than this is written as what they all are, or lie between."""


def in_table(numbers: Numbers) -> str:
    """`3`, `[1, 2]`, `all 0.05`, `−2.416 … 2.589`.

    Examples
    --------
    >>> in_table(Numbers(np.eye(2))), in_table(Numbers(np.ones(9))), in_table(Numbers(np.eye(9)))
    ('[[1, 0], [0, 1]]', 'all 1', '0 … 1')
    """
    array = numbers.array
    if array.size <= LISTED or array.dtype.kind not in "iuf":
        return one_line(numbers)
    least, greatest = short(array.min()), short(array.max())
    return f"all {least}" if array.min() == array.max() else f"{least} … {greatest}"


def node_row(trace: Trace, node: Node, names: dict[str, str]) -> str:
    """A node as a row; hovering shows every digit of its value and of its adjoint."""
    titles = {3: exact(node.value)}
    if node.adjoint.value is not None:
        titles[4] = exact(node.adjoint.value)
    columns = []
    for i, text in enumerate(cells(trace, node, names, in_table)):
        title = f' title="{escape(titles[i])} ({node.dtype})"' if i in titles else ""
        columns.append(f"<td{title}>{'<br>'.join(map(escape, text.split('; ')))}</td>")
    return f"<tr>{''.join(columns)}</tr>"
