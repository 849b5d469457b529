"""The small box of a scalar constant, beside the operation that reads it."""

from __future__ import annotations

from nbgrad.render.placing.place import Place
from nbgrad.render.scene.number_format import exact, short
from nbgrad.render.scene.picture import Box, Group, Look, Text
from nbgrad.tracing.parts import Node
from nbgrad.tracing.symbols import is_number


def constant(place: Place) -> Group:
    """A box with a text in its middle: constants have a value, and no adjoint."""
    x = place.x + place.width / 2
    children = (
        Box(f"{place.id}.body", place.x, place.y, place.width, place.height, 4, "body constant"),
        Text(f"{place.id}.value", x, place.y + place.height / 2 + 4, anchor="middle"),
    )
    return Group(place.id, children, "card", node=place.node)


def constant_looks(node: Node, key: str) -> dict[str, Look]:
    """What the box says: `2`, or `k = 2` where the constant has a name."""
    value = node.value.array.item()
    text = short(value) if is_number(node.label) else f"{node.label} = {short(value)}"
    title = f"constant {node.label}\nvalue {exact(node.value)} ({node.dtype})"
    return {
        key: Look(classes="card", title=title),
        f"{key}.value": Look(text, "text value-text"),
    }
