"""The verb `draw`, the drawing that it returns, and a trace as a picture with a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import Literal

from nbgrad.picture.film import A4, Film
from nbgrad.picture.layouts import LAYOUTS
from nbgrad.picture.legend import with_legend
from nbgrad.picture.microscope import CellPicture
from nbgrad.picture.result import (
    PictureResult,
    Result,
    Writers,
    check_choice,
    fragment,
    table_element,
)
from nbgrad.picture.scene import Scene, StyledScene
from nbgrad.picture.template import Template, asked_nodes, question, with_fields
from nbgrad.picture.theme import Theme
from nbgrad.picture.words import HEADS, cells, describe, full_description, headline, unique_names
from nbgrad.trace import trace
from nbgrad.trace.folding import Opened, can_be_opened
from nbgrad.trace.model import Node, Trace
from nbgrad.trace.numbers import Numbers, exact, one_line, short
from nbgrad.trace.tensors import (
    FeedDict,
    Session,
    TensorLike,
    Tensors,
    check_seeds,
    default_xs,
    tensors_of_ys,
    without_names,
)

LayoutName = Literal["overlay", "mirror", "tape", "paths"]
WIDTH = 878.0  # of a cell in JupyterLab on a laptop


@dataclass(frozen=True, repr=False)
class Drawing(PictureResult):
    """A trace as a picture, after some number of its steps."""

    trace: Trace
    template: Template  # the same for every trace of a graph
    k: int | None = None
    theme: Theme = "auto"
    layout: LayoutName = "overlay"
    open: Opened = ()
    width: float = WIDTH
    hidden: tuple[str, ...] = ()  # ids of nodes whose adjoints are left out, with an empty field
    legend: bool = False  # whether a line below it explains its signs

    @classmethod
    def of(
        cls,
        trace: Trace,
        *,
        layout: LayoutName = "overlay",
        theme: Theme = "auto",
        open: Opened = (),
        width: float = WIDTH,
        legend: bool = True,
    ) -> Drawing:
        """The drawing of a trace, with a legend unless it is an overview, which has words."""
        check_choice("layout", layout, LAYOUTS)
        check_opened(trace, open)
        template = LAYOUTS[layout](trace, width, open)
        legend = legend and not template.overview
        return cls(trace, template, None, theme, layout, open, width, legend=legend)

    @property
    def scene(self) -> Scene:
        return self.styled.scene

    @cached_property
    def styled(self) -> StyledScene:
        """The picture as data: what a live picture compares with the next one."""
        if self.hidden:
            styled = with_fields(self.template, self.trace, self.hidden)
        else:
            styled = self.template.styled(self.trace)
        return with_legend(styled, self.width) if self.legend else styled

    @property
    def description(self) -> str:
        """Everything in the picture, in words; of a large one, first what it leaves out."""
        if self.hidden:
            return question(self.trace, self.hidden)
        return with_overview(describe(self.trace), self.template.overview)

    @property
    def text(self) -> str:
        """Everything in the picture, in words and in a table."""
        if self.hidden:
            return self.description
        return with_overview(full_description(self.trace), self.template.overview)

    def at(self, k: int) -> Drawing:
        """The picture after `k` steps; negative numbers count from the end."""
        steps = len(self.trace.steps)
        k = k + steps + 1 if k < 0 else k
        self.trace.check_step(k)  # refuses a step beyond the last
        return replace(self, k=k)

    def asking(self) -> Drawing:
        """The picture with an empty field in the place of each adjoint, to write it in."""
        return replace(self, hidden=tuple(asked_nodes(self.trace)))

    def film(
        self,
        ks: Sequence[int] | None = None,
        *,
        columns: int | None = None,
        page: tuple[float, float] = A4,
    ) -> Film:
        """The steps as pictures on pages, for a handout.

        Parameters
        ----------
        ks
            After how many steps; by default after each or, in a long pass, after some.
        columns
            The most pictures beside each other; by default as many as there is room for.
        page
            Its width and height in pixels, either way up; by default A4, which has room for
            pictures of `width=718` or, lying on its side, of 1047.
        """
        styled = replace(self, legend=False).styled
        return Film(self.trace, styled, ks, columns, self.theme, page, asks=bool(self.hidden))

    def cell(
        self,
        key: str,
        index: tuple[int, ...] | int,
        lane: Literal["value", "adjoint"] = "value",
    ) -> CellPicture:
        """The picture of one cell of a node, by its id or label: the products whose sum it is."""
        check_choice("lane", lane, ("value", "adjoint"))
        return CellPicture(self.trace, self.trace.cell(key, index, lane), self.theme, self.width)

    def writers(self) -> Writers:
        as_json = {".json": lambda: json.dumps(self.trace.to_dict(), indent=1)}
        return {**super().writers(), **as_json}


def with_overview(words: str, overview: str) -> str:
    headline, *others = words.split("\n", 1)
    return "\n".join(filter(None, [headline, overview, *others]))


def check_opened(trace: Trace, opened: Opened) -> None:
    """Refuse names of which there is neither a scope nor a node."""
    if opened == "all":
        return
    if isinstance(opened, str):
        raise ValueError(
            f'open is "all" or a list of names, not the text {opened!r}.\n'
            f"Did you mean open=[{opened!r}]?"
        )
    for name in opened:
        check_choice("scope or operation", name, can_be_opened(trace))


def draw(
    ys: Tensors,
    xs: Tensors | None = None,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
    feed_dict: FeedDict | None = None,
    session: Session | None = None,
    *,
    layout: LayoutName = "overlay",
    theme: Theme = "auto",
    open: Opened = (),
    width: float = WIDTH,
) -> Drawing:
    """A drawing of one forward and one reverse pass.

    Parameters
    ----------
    ys, xs, grad_ys, stop_gradients, feed_dict, session
        As for `nbgrad.trace`; without xs, all variables and placeholders behind the ys.
    layout
        "overlay": both passes in one drawing. "mirror": the reverse pass below the forward graph.
        "tape": numbered rows, for print and for screen readers. "paths": a ribbon for each way
        from an x to a y, with its product.
    theme
        "light", "dark", or "auto", which follows the page.
    open
        Name scopes, or labels of nodes, that are drawn in full where they would be folded into
        one card; or "all".
    width
        The width in pixels for which it is placed: a notebook's cell has 878, a column of two
        640. Chains of operations fold into one card below 760; below 520 each row is one card.
        More than 24 cards are an overview of blocks and groups, tinted by their gradients.

    Returns
    -------
    Drawing
        It shows itself in a notebook, and `save`s itself as .svg, .png, .pdf, .tex, .html, .txt
        or .json; `film()` shows its steps on pages.

    Raises
    ------
    InvalidArgumentError, LookupError
        If a placeholder is not fed, or an operation on the way has no gradient rule.
    ValueError, TypeError
        If seeds do not fit their ys, or there is no such layout or theme.

    Examples
    --------
    >>> x = tf.Variable(3.0, name="x")
    >>> print(tf.draw(tf.multiply(x, x, name="y")).description.splitlines()[0])
    y = x · x = 9; dy/dx = 6.
    """
    ys, xs, stop_gradients = without_names(session, ys, xs, stop_gradients)
    tensors = tensors_of_ys(ys)
    check_seeds(tensors, grad_ys)
    if xs is None:
        xs = default_xs(tensors)
    run = trace(ys, xs, grad_ys, stop_gradients, feed_dict, session)
    return Drawing.of(run, layout=layout, theme=theme, open=open, width=width)


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

MANY_ROWS = 24  # a table of more rows opens by a click
LISTED = 4  # an array of more elements is written as what they all are, or lie between


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
        names = unique_names(self.trace)
        rows = "".join(node_row(self.trace, node, names) for node in self.trace.nodes)
        table = table_element(HEADS, rows)
        if len(self.trace.nodes) > MANY_ROWS:
            summary = f"<summary>a table of {len(self.trace.nodes)} nodes</summary>"
            table = f"<details>{summary}{table}</details>"
        return f"<div>{self.drawing.html}{fragment('nb-trace', table, self.theme, CSS)}</div>"

    def writers(self) -> Writers:
        return {**self.drawing.writers(), **super().writers()}


def in_table(numbers: Numbers) -> str:
    """`3`, `[1, 2]`, `all 0.05`, `−2.416 … 2.589`."""
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
