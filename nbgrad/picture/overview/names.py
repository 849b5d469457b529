"""Names and sentences in the room that there is for them."""

from __future__ import annotations

from nbgrad.picture.text_width import clipped, text_width
from nbgrad.picture.theme import SMALL


def in_lines(words: str, room: float, *, bold: bool = False) -> list[str]:
    """Words in lines of a width."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".lstrip()
        if not lines[-1] or text_width(longer, SMALL, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def in_few_lines(name: str, room: float) -> list[str]:
    """The name of a group, in up to three lines where it is too long for one."""
    lines = in_lines(name, room, bold=True)
    lines[2:] = [" ".join(lines[2:])] if len(lines) > 2 else []
    return [squeezed(line, room, bold=True) for line in lines]


def squeezed(name: str, room: float, *, bold: bool = False) -> str:
    """A name, or as much of its two ends as there is room for: these tell names apart.

    Examples
    --------
    >>> squeezed("hidden_layer_12", 60)
    'hidd…_12'
    """
    if text_width(name, SMALL, bold=bold) <= room:
        return name
    for count in range(len(name) - 1, 1, -1):
        tail = count // 2
        short = f"{name[: count - tail]}…{name[-tail:] if tail else ''}"
        if text_width(short, SMALL, bold=bold) <= room:
            return short
    return clipped(name, SMALL, room, bold=bold)
