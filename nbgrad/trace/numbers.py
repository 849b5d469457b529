"""How a number is written: short in a box, in full where someone points at it.

Four significant digits, integers without decimals, a true minus, and never more characters than
its box has room for. Nothing in a picture moves because a number grew.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from nbgrad.trace.model import Numbers

ROOM = 9


"""The characters that a number's slot in a card is wide."""


CELL_ROOM = 9


"""The characters that a cell of a matrix is wide."""


FEW = 6


"""The characters of a number that a chip is too narrow for."""


DIGITS = 4


@lru_cache(maxsize=1 << 14)
def short(number: Any, room: int = ROOM) -> str:
    """A number as a picture writes it, in at most `room` characters.

    Examples
    --------
    >>> short(42.0), short(2 / 3), short(-0.0), short(1.2e-7)
    ('42', '0.6667', '0', '1.2e−7')
    >>> short(-123456.789), short(-123456.789, room=6), short(float("inf"))
    ('−1.235e5', '−1.2e5', '∞')
    """
    if isinstance(number, complex):
        return str(number)[:room]
    value = float(number)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    tries = (written(value, digits) for digits in range(DIGITS, 0, -1))
    return next((text for text in tries if len(text) <= room), f"{value:.0e}".replace("-", "−"))


def written(value: float, digits: int) -> str:
    """A finite number with so many significant digits; integers below 100,000 keep them all."""
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    if value == 0:
        return "0"
    if -3 <= power < 5:
        text = trimmed(f"{value:.{max(digits - 1 - power, 0)}f}")
    else:
        text = f"{trimmed(mantissa)}e{power}"
    return text.replace("-", "−")


def trimmed(text: str) -> str:
    """Without the zeros that end a decimal fraction."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(numbers: Numbers) -> str:
    """Every digit that tells a scalar from its neighbours; what hovering shows.

    Examples
    --------
    >>> exact(Numbers(np.float32(0.1))), exact(Numbers(np.array(1 / 3)))
    ('0.1', '0.3333333333333333')
    """
    return str(numbers.array[()]) if numbers.shape == () else listed(numbers)


def listed(numbers: Numbers, room: int = ROOM) -> str:
    """A tensor on one line: `3`, `[1, 2]`, or a summary where it is large.

    Examples
    --------
    >>> listed(Numbers(np.eye(2)))
    '[[1, 0], [0, 1]]'
    >>> listed(Numbers(np.arange(100.0)))
    'min 0, mean 49.5, max 99'
    """
    if numbers.array.size > 36:
        return ", ".join(f"{name} {text}" for name, text in summary(numbers))
    return nested(numbers.array, room)


def nested(array: np.ndarray, room: int) -> str:
    """The elements in the brackets that NumPy would use."""
    if array.ndim == 0:
        return short(array.item(), room)
    return "[" + ", ".join(nested(each, room) for each in array) + "]"


def summary(numbers: Numbers) -> list[tuple[str, str]]:
    """Least, mean and greatest element of a tensor that is too large to show."""
    array = numbers.array
    if array.size == 0:
        return [("empty", "")]
    with np.errstate(all="ignore"):
        return [
            ("min", short(array.min())),
            ("mean", short(array.mean())),
            ("max", short(array.max())),
        ]


def shaped(shape: tuple[int, ...]) -> str:
    """A shape as people write it: `2×3`, `5`, and nothing for a scalar.

    Examples
    --------
    >>> shaped((2, 3)), shaped((5,)), shaped(())
    ('2×3', '5', '')
    """
    return "×".join(str(size) for size in shape)
