"""What the paths bring: a line for each, and for each x their sum.

1 ━━━  ∂f/∂b · ∂b/∂a · ∂a/∂x   1 · 4 · 3   12
2 ┅┅┅  ∂f/∂b · ∂b/∂a · ∂a/∂x   1 · 4 · 3   12
df/dx                    1 + 2       24
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nbgrad.render.derivations.terms import Symbols
from nbgrad.render.elements.cards import straight
from nbgrad.render.scene.facts import Facts
from nbgrad.render.scene.measure import MARGIN, clipped, pill_width, text_width
from nbgrad.render.scene.number_format import listed, shaped, short
from nbgrad.render.scene.picture import Chip, Curve, Element, Group, Look, Text
from nbgrad.render.scene.style import SMALL
from nbgrad.tracing.model import Trace
from nbgrad.tracing.moments import NEVER
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.paths import Path, counts
from nbgrad.tracing.symbols import in_brackets

if TYPE_CHECKING:
    from nbgrad.render.layouts.paths import Ribbon

LINE = 22
SAMPLE = 34
SYMBOLS, NUMBERS, RESULT = 400, 230, 110
"""The most that each column takes."""


@dataclass(frozen=True)
class Ledger:
    """The lines below the picture, and the room in the column of the numbers."""

    group: Group
    width: float
    height: float


def ledger(trace: Trace, drawn: Sequence[Ribbon], top: float, width: float) -> Ledger:
    """A line for each ribbon, a sum for each x; and what is not drawn is counted."""
    symbols = {ribbon.number: product_of_symbols(trace, ribbon) for ribbon in drawn}
    wide = min(SYMBOLS, max((text_width(each, SMALL) for each in symbols.values()), default=0))
    left = MARGIN + 24 + SAMPLE + 10
    middle, right = left + wide + 18, left + wide + 18 + NUMBERS + RESULT
    elements: list[Element] = []
    y = top + LINE / 2
    for x in trace.xs:
        here = [ribbon for ribbon in drawn if ribbon.x == x]
        for ribbon in here:
            key = f"path.{ribbon.number}"
            words = clipped(symbols[ribbon.number], SMALL, SYMBOLS)
            ends = (MARGIN + 24, y), (MARGIN + 24 + SAMPLE, y)
            badge = Chip(f"{key}.badge", MARGIN + 9, y, 15, "middle", str(ribbon.number))
            elements += [
                badge._replace(classes=f"chip badge{ribbon.number}", width=15),
                Curve(f"{key}.sample", straight(*ends)),
                Text(f"{key}.symbols", left, y + 4, words, "text local-text"),
                Text(f"{key}.numbers", middle, y + 4),
                Chip(f"{key}.product", right, y, 16, "end"),
            ]
            y += LINE
        elements += sum_line(trace, x, here, (left, middle, right), y)
        y += LINE + 8
    return Ledger(Group("ledger", tuple(elements), "ledger"), min(right + 18, width), y - top)


def sum_line(
    trace: Trace, x: str, here: Sequence[Ribbon], at: tuple[float, float, float], y: float
) -> list[Element]:
    """The sum over the paths of one x; or how many there are that are not drawn."""
    left, middle, right = at
    key = f"{x}.paths"
    if not here:
        count = counts(trace, set(trace.ys), cut=True).get(x, 0)
        words = "is one of the ys itself" if x in trace.ys else f"{count:,} paths"
        many = f"{trace.node(x).label}: {words}" + (", too many to draw" if count > 1 else "")
        return [Text(f"{key}.count", MARGIN, y + 4, many, "text")]
    rule = straight((middle, y - LINE / 2 + 1), (right + 6, y - LINE / 2 + 1))
    return [
        Curve(f"{key}.rule", rule, "rule"),
        Text(f"{key}.symbol", left, y + 4),
        Text(f"{key}.terms", middle, y + 4),
        Chip(f"{key}.sum", right, y, 16, "end"),
    ]


def product_of_symbols(trace: Trace, ribbon: Ribbon) -> str:
    """`∂f/∂b · ∂b/∂a · ∂a/∂x`: from the y back to the x."""
    edges = [trace.edge(key) for key in reversed(ribbon.edges)]
    return " · ".join(Symbols(trace, bars=False).local(edge).text for edge in edges)


def ledger_looks(facts: Facts, ribbon: Ribbon, path: Path) -> dict[str, Look]:
    """The numbers of one path, and of the sum that it belongs to."""
    key, x = f"path.{ribbon.number}", facts.trace.node(ribbon.x)
    since = facts.moments.contribution.get(ribbon.edges[0], NEVER)
    if path.cut is not None:
        since = 0
    sample = f"ribbon path{ribbon.number}" + (" cut" if path.cut else "")
    total = x.adjoint.value
    known = facts.moments.adjoint[x.id] if x.adjoint.state != "not run" else NEVER
    return {
        f"{key}.sample": Look(classes=sample),
        f"{key}.numbers": Look(numbers_of(facts.trace, path), "text", since),
        f"{key}.product": amount(product_text(facts.trace, path), since, cut=path.cut is not None),
        f"{ribbon.x}.paths.symbol": Look(facts.trace.total(x), "text adjoint-text"),
        f"{ribbon.x}.paths.terms": Look("the sum over its paths", "text quiet-text"),
        f"{ribbon.x}.paths.sum": amount("None" if total is None else brief(total.array), known),
    }


def amount(text: str, since: int, *, cut: bool = False) -> Look:
    """A number at the end of a line."""
    classes = "chip number adjoint words" if cut else "chip number adjoint"
    classes = classes if len(text) < 9 or cut else f"{classes} long"
    return Look(text, classes, since, width=pill_width(text))


def numbers_of(trace: Trace, path: Path) -> str:
    """The seed where it is not 1, and the local derivatives, from the y back to the x."""
    if path.cut is not None:
        cut = path.cut
        z, x = trace.node(cut.target).label, trace.node(cut.source).label
        return f"nothing passes from {z} to {x}: {cut.cause}"
    seed = path.nodes[-1].seed
    scaled = seed is not None and bool((seed.array != 1).any())
    factors = [seed.array] if seed is not None and scaled else []
    factors += path.factors
    if len(factors) - scaled < len(path.edges):
        return "not a product of numbers alone"
    return clipped(" · ".join(in_product(each) for each in factors), SMALL, NUMBERS - 12)


def in_product(array: np.ndarray) -> str:
    """A factor: a number, or the shape of an array."""
    return in_brackets(brief(array))


def product_text(trace: Trace, path: Path) -> str:
    """What the path brings."""
    if path.cut is not None:
        return "‖ cut" if path.cut.cause == "stopped" else "cut"
    return "?" if path.product is None else brief(path.product)


def brief(array: np.ndarray) -> str:
    """A number; the elements of a short array; the shape of a long one."""
    if array.shape == ():
        return short(array.item())
    text = listed(Numbers(array), room=5)
    return text if text_width(text, SMALL) < RESULT else f"[{shaped(array.shape)}]"
