"""How large a card is: a matter of its labels and shape, never of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nbgrad.render.scene.measure import clipped, pill_width, text_width
from nbgrad.render.scene.number_format import shaped
from nbgrad.render.scene.style import NAME, SMALL
from nbgrad.render.tensors.grid_sizes import SLOT
from nbgrad.render.tensors.repeats import repeated_size, repeats_of
from nbgrad.tracing.folded_trace import FOLD
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Node
from nbgrad.tracing.symbols import is_number

HEADER = 22
LANE = 19
FOOT = 6
LEFT = 12
"""Where the text of a card begins, right of its lanes' rules."""

PAD = 10
"""From the end of its text to the border: room for the end of a pill, and air beside it."""

BESIDE_GRID = 8
"""From the cells of an array to the border; the texts in them end where other texts do."""

CARD = 116
WIDEST = 190
"""The least width of a card, and what a long label may stretch it to."""

FOLD_WIDEST = 250
"""A card that stands for several operations says so in full."""

PORT = 16
"""What an edge takes at the side of a card, at least."""

STUB_WIDEST = 76
CONSTANT_HEIGHT, CONSTANT_PAD = 22, 8
Lane = Literal["value", "adjoint"]
BOTH: tuple[Lane, ...] = ("value", "adjoint")


@dataclass(frozen=True)
class Size:
    """The outer size of a card, and where its edges are attached: `port` pixels from the top."""

    width: float
    height: float
    port: float


def card_size(trace: Trace, node: Node, ports: int, lanes: tuple[Lane, ...] = BOTH) -> Size:
    """The size of a node's card, which has at most `ports` edges on one side."""
    there = [each for each in lanes if each == "value" or node.role != "constant"]
    heights = [lane_height(trace, node, each) for each in there]
    # Between the lanes, where there are two; else in the middle of the one.
    port = HEADER + (heights[0] if len(heights) == 2 else heights[0] / 2)
    height = max(
        HEADER + sum(heights) + FOOT,
        2 * port - HEADER + 2,
        PORT * (ports - 1) + FOOT + HEADER,
    )
    return Size(round(card_width(trace, node)), round(height), round(port))


def lane_height(trace: Trace, node: Node, lane: str) -> float:
    """What a lane takes of a card, with the grid of an array and its repetitions."""
    return LANE + (repeated_size(trace, node, lane)[1] + 4 if node.shape else 0)


def card_width(trace: Trace, node: Node) -> float:
    """Wide enough for the header, for a lane's label beside its slot, and for the grids."""
    header = LEFT + text_width(headline(node), NAME, bold=True) + 16 + text_width(corner(node), 13)
    repeats = repeats_of(trace, node)
    slot = max(SLOT, text_width(repeats.note, SMALL) if repeats and repeats.summed else 0)
    lane = LEFT + text_width(widest_total(trace, node), SMALL) + 2 + slot + PAD
    wanted = min(max(CARD, header, lane), FOLD_WIDEST if node.op_type == FOLD else WIDEST)
    grids = max(repeated_size(trace, node, each)[0] for each in BOTH)
    return max(wanted, grids + LEFT + BESIDE_GRID)


def widest_total(trace: Trace, node: Node) -> str:
    """The longer of the two symbols that an adjoint may have, as its ys are weighed or not."""
    return f"d{trace.node(trace.ys[0]).label}/d{node.label}" if len(trace.ys) == 1 else node.label


def constant_size(node: Node) -> Size:
    """The size of the small box of a scalar constant."""
    width = 2 * CONSTANT_PAD + text_width(constant_text(node), SMALL)
    return Size(round(min(max(width, 26), 100)), CONSTANT_HEIGHT, CONSTANT_HEIGHT / 2)


def stub_width(label: str) -> int:
    """What the name of a source takes at the beginning of an edge from another row."""
    return min(pill_width(label), STUB_WIDEST)


def constant_text(node: Node) -> str:
    """What the box of a small constant says at its widest."""
    return node.label if is_number(node.label) else f"{node.label} = 0.001234"


def headline(node: Node) -> str:
    """The label with what it is made of: `a = x × x`."""
    return f"{node.label} = {node.expression}" if node.expression else node.label


def corner(node: Node) -> str:
    """What the right end of the header says: the shape, and the sign of the operation."""
    symbol = node.symbol if node.expression and len(node.symbol) == 1 else ""
    shape = f"[{shaped(node.shape)}]" if len(node.shape) == 1 else shaped(node.shape)
    return " ".join(part for part in (shape, symbol) if part)


def fitted_label(node: Node, width: float) -> str:
    """As much of a label as a header of this width has room for; hovering shows all of it."""
    room = width - LEFT - 14 - text_width(corner(node), 13)
    return clipped(node.label, NAME, room, bold=True)


def fitted_tail(node: Node, width: float) -> str:
    """As much of ` = expression` as a header of this width has room for."""
    used = LEFT + text_width(node.label, NAME, bold=True) + PAD + 8 + text_width(corner(node), 13)
    return clipped(f" = {node.expression}", NAME, width - used) if node.expression else ""


def is_small_constant(trace: Trace, node: Node) -> bool:
    """Whether a node is drawn as a small box beside each of its readers."""
    plain = node.role == "constant" and node.shape == () and not node.requested
    return plain and node.id not in trace.ys and any(trace.outgoing(node))
