"""How adjoints are written."""

from __future__ import annotations


def bar(label: str) -> str:
    """A label with a bar over its first letter, as adjoints are written: x̄."""
    return label[0] + "\u0304" + label[1:]
