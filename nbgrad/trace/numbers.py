"""Numbers as they are written for people: short on a card, in full where someone points at one.

Four significant digits, integers without decimals, a true minus, and never more characters than
there is room for, so that nothing in a picture moves because a number grew.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

ROOM = 9  # characters in a number's slot on a card
LONG = 24  # characters of a number in a sentence, which has four digits whatever its exponent
LISTED = 36  # a tensor of more elements is summed up

#: The significant decimal digits that a number of each precision has.
DIGITS = {"float32": 7, "float64": 15}


@dataclass(frozen=True, eq=False)
class Numbers:
    """The elements of a tensor: a read-only NumPy array that compares by value."""

    array: np.ndarray

    def __post_init__(self) -> None:
        # A text alone would be an array of bytes, which drops zeros at its end.
        dtype = object if isinstance(self.array, bytes) else None
        frozen = np.asarray(self.array, dtype).view()  # the caller's own stays as it is
        frozen.flags.writeable = False
        object.__setattr__(self, "array", frozen)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    @property
    def dtype(self) -> str:
        return str(self.array.dtype)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Numbers):
            return NotImplemented
        a, b = self.array, other.array
        # NaN equals NaN here: a trace read back from JSON equals the one that was written.
        alike = a.dtype == b.dtype and a.shape == b.shape
        return alike and bool(((a == b) | ((a != a) & (b != b))).all())

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self, written: float = math.inf) -> dict[str, Any]:
        """Shape, dtype and the elements in row-major order, as JSON can hold them.

        Of real numbers that are more than are to be `written` the bytes; a page has no whole
        numbers of 64 bits, but those of double precision.
        """
        array, start = self.array, {"dtype": self.dtype, "shape": [*self.shape]}
        if array.size <= written or array.dtype.kind not in "biuf":
            return {**start, "elements": [*map(as_json, array.ravel().tolist())]}
        little = array.astype(in_bytes(array.dtype))
        return {**start, "base64": base64.b64encode(little.tobytes()).decode()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Numbers:
        """The numbers that `to_dict` wrote."""
        kind = np.dtype(data["dtype"])
        if "base64" in data:
            array = np.frombuffer(base64.b64decode(data["base64"]), in_bytes(kind))
            return cls(array.astype(kind).reshape(data["shape"]))
        read = READERS.get(kind.kind, str)
        elements = [read(e) if isinstance(e, str) else e for e in data["elements"]]
        array = np.empty(len(elements), dtype=kind)
        array[:] = elements
        return cls(array.reshape(data["shape"]))


def in_bytes(kind: np.dtype) -> np.dtype:
    """The dtype in which numbers are written as their bytes."""
    return np.dtype(np.float64 if kind == np.int64 else kind).newbyteorder("<")


#: How an element that JSON holds as a word is read, by the kind of its dtype.
READERS: dict[str, Any] = {
    "f": float,
    "c": complex,
    "O": lambda word: word.encode(errors="surrogateescape"),
}


def as_json(element: Any) -> Any:
    """An element of a tensor as a JSON value; ∞, NaN, complex numbers and text become words."""
    if isinstance(element, bytes):
        return element.decode(errors="surrogateescape")  # bytes that are no text come back too
    if isinstance(element, complex):
        return str(element)
    if not isinstance(element, float) or math.isfinite(element):
        return element
    return "NaN" if math.isnan(element) else "Infinity" if element > 0 else "-Infinity"


@lru_cache(maxsize=1 << 14, typed=True)  # −1.0 equals −1+0j, and is written otherwise
def short(number: Any, room: int = ROOM) -> str:
    """A number as a picture writes it, in at most `room` characters.

    >>> short(42.0), short(2 / 3), short(-0.0), short(-123456.789, room=6), short(float("inf"))
    ('42', '0.6667', '0', '−1.2e5', '∞')
    """
    if isinstance(number, complex):
        real, imaginary = short(number.real, room), short(number.imag, room)
        return f"({real}{'' if imaginary.startswith('−') else '+'}{imaginary}j)"
    if isinstance(number, bytes):
        text = every_digit(number)
        return text if len(text) <= room else f"{text[: room - 1]}…"
    value = float(number)
    for digits in range(4, 0, -1):
        if len(text := significant(value, digits)) <= room:
            return text
    mantissa, exponent = f"{value:.0e}".split("e")  # 12345 as 1e4: there is no room for more
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def significant(value: float, digits: int) -> str:
    """A number with so many significant digits; integers below 100,000 keep all of theirs.

    >>> significant(1 / 3, 7), significant(0.00012345, 2), significant(-12345.0, 3)
    ('0.3333333', '1.2e−4', '−12345')
    """
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = int(exponent)
    is_plain = -3 <= power < max(5, digits)
    text = f"{value:.{max(digits - 1 - power, 0)}f}" if is_plain else mantissa
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return (text if is_plain else f"{text}e{power}").replace("-", "−")


def full(value: float | None, precision: str, digits: int | None = None) -> str:
    """A number with all or so many digits of its precision, zeros at the end too; – for None.

    >>> full(1 / 3, "float32"), full(-2.0, "float64"), full(None, "float32")
    ('0.3333333', '−2.00000000000000', '–')
    """
    if value is None:
        return "–"
    text = f"{value:#.{digits or DIGITS[precision]}g}".rstrip(".").replace(".e", "e")
    return text.replace("-", "−").replace("nan", "NaN").replace("inf", "∞")


def exact(numbers: Numbers) -> str:
    """Every digit that tells a scalar from its neighbours, which hovering shows; of an array, sums.

    >>> exact(Numbers(np.float32(-0.1))), exact(Numbers(np.array([1.0, -4.0])))
    ('−0.1', 'max |v| 4, min −4, mean −1.5, max 1')
    """
    if numbers.shape == ():
        return every_digit(numbers.array[()])
    sums = summary(numbers)
    if len(sums) > 1:
        sums = [("max |v|", short(magnitudes(numbers.array).max())), *sums]
    return ", ".join(f"{name} {text}".rstrip() for name, text in sums)


def every_digit(element: Any) -> str:
    """An element as Python prints it, with a true minus; a text on one line, without quotes."""
    if isinstance(element, np.floating):
        # The digits of its type; how NumPy writes large ones is another thing in each version.
        element = float(str(element))
    if not isinstance(element, bytes):
        return str(element).replace("-", "−")
    text = element.decode(errors="backslashreplace")
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def magnitudes(array: np.ndarray) -> np.ndarray:
    """The magnitude of each element; a text has none, which counts as 0."""
    if array.dtype.kind not in "biufc":
        return np.zeros(array.shape)
    return np.abs(array if array.dtype.kind in "fc" else array.astype(float))


def in_words(numbers: Numbers) -> str:
    """A tensor in a sentence: a number, and of an array its shape.

    >>> in_words(Numbers(2 / 3)), in_words(Numbers(np.ones((3, 5)))), in_words(Numbers(np.ones(5)))
    ('0.6667', '3×5', '[5]')
    """
    if numbers.shape == ():
        return short(numbers.array.item(), room=LONG)
    return f"[{shaped(numbers.shape)}]" if len(numbers.shape) == 1 else shaped(numbers.shape)


def sign_before(numbers: Numbers, *, leaf: bool = True) -> str:
    """What joins a number, or the shape of an array, to its symbol or its formula."""
    return " = " if not numbers.shape else " is " if leaf else ", "


def one_line(numbers: Numbers, room: int = ROOM) -> str:
    """A tensor on one line: `3`, `[1, 2]`, or a summary where it is large.

    >>> one_line(Numbers(np.eye(2))), one_line(Numbers(np.arange(100.0)))
    ('[[1, 0], [0, 1]]', 'min 0, mean 49.5, max 99')
    """
    if numbers.array.size > LISTED:
        return ", ".join(f"{name} {text}" for name, text in summary(numbers))

    def nested(array: np.ndarray) -> str:
        if array.ndim:
            return f"[{', '.join(nested(array[i, ...]) for i in range(len(array)))}]"
        return short(array.item(), room)

    return nested(numbers.array)


def summary(numbers: Numbers) -> list[tuple[str, str]]:
    """Least, mean and greatest element of a tensor that is too large to show."""
    array = numbers.array
    if array.size == 0:
        return [("empty", "")]
    if array.dtype.kind not in "biuf":
        return [(f"{array.size} elements", "")]
    with np.errstate(all="ignore"):
        found = {"min": array.min(), "mean": array.mean(), "max": array.max()}
        return [(name, short(value)) for name, value in found.items()]


def shaped(shape: tuple[int, ...]) -> str:
    """A shape as people write it: `2×3`, `5`, and nothing for a scalar."""
    return "×".join(str(size) for size in shape)


def in_brackets(number: str) -> str:
    """A number as a factor or an operand: in brackets where it is negative."""
    return f"({number})" if number.startswith(("−", "-")) else number


def is_number(text: str) -> bool:
    """Whether a label or a formula is nothing but a number, and need not be evaluated."""
    try:
        float(text.replace("−", "-"))
    except ValueError:
        return False
    return True
