"""What a page of its own needs of the modules: the kernels that its program calls, and no others.

A module's text is a sequence of statements, each of which begins a line. One that nobody mentions
is left out, and before that, the entries of the kernels' tables that are never called.
"""

from __future__ import annotations

import re
from collections.abc import Collection

NAMED = re.compile(r"(?:async )?(?:function\*?|class|const|let) ([\w$]+)")
WORD = re.compile(r"[\w$]+")
TABLES = re.compile(r"^  \.\.\.(\w+),$", re.MULTILINE)


def excerpt(text: str, kernels: Collection[str]) -> str:
    """The modules, joined but still indented, with those kernels alone and what they need."""
    parts = {declared_name(part) or part: part for part in statements(text)}
    for table in TABLES.findall(parts["KERNELS"]):
        parts[table] = with_entries(parts[table], kernels)
    mentioned = {key for key, part in parts.items() if not declared_name(part)}
    waiting = [*mentioned]
    while waiting:
        found = {*WORD.findall(parts[waiting.pop()])} & parts.keys() - mentioned
        mentioned |= found
        waiting += found
    return "\n".join(part for key, part in parts.items() if key in mentioned)


def statements(text: str) -> list[str]:
    """The statements of a module: all that is indented, or closes, belongs to the line above."""
    return re.split(r"\n(?=[^\s})\]])", text.strip())


def declared_name(statement: str) -> str:
    """The name that a statement declares, or "" where it does something else."""
    found = NAMED.match(statement)
    return found[1] if found else ""


def with_entries(table: str, names: Collection[str]) -> str:
    """A table without the entries of other names."""
    first, *entries = re.split(r"\n(?=  \w|\})", table)
    *entries, last = entries
    return "\n".join(
        [first, *(each for each in entries if each.split(":")[0].strip() in names), last]
    )
