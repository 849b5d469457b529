"""Many numbers as Python writes them, as lines of JSON: dtype, number, room, `short`, `exact`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nbgrad.trace.numbers import Numbers, as_json, exact, short

COUNT = 10_000
ROOMS = range(3, 25)


def doubles(random: np.random.Generator) -> Iterator[np.ndarray]:
    """Numbers of all magnitudes, and those that lie between two of few digits."""
    yield random.standard_normal(COUNT) * 10.0 ** random.integers(-20, 20, COUNT)
    yield np.frombuffer(random.bytes(8 * COUNT), np.float64)
    yield random.integers(-(2**53), 2**53, COUNT).astype(float)
    yield random.integers(-20_000, 20_000, COUNT) / 10.0 ** random.integers(0, 9, COUNT)
    yield random.integers(-200_000, 200_000, COUNT) / 2.0 ** random.integers(0, 20, COUNT)
    yield np.outer(np.arange(COUNT // 10) + 0.5, 10.0 ** np.arange(-3, 7)).ravel()
    yield 2.0 ** np.arange(-1074, 1024)
    yield np.array([0.0, -0.0, np.inf, -np.inf, np.nan])


def singles(random: np.random.Generator) -> Iterator[np.ndarray]:
    """Numbers of float32, of all magnitudes; its powers of two, and its smallest."""
    yield np.frombuffer(random.bytes(8 * COUNT), np.float32)
    yield random.standard_normal(COUNT)
    yield random.integers(-(2**24), 2**24, COUNT) / 2.0 ** random.integers(0, 40, COUNT)
    yield np.outer(np.arange(COUNT // 10), 10.0 ** -np.arange(6)).ravel()
    yield 2.0 ** np.arange(-149, 128)
    yield np.arange(300) * 2.0**-149


def lines() -> Iterator[list[object]]:
    random = np.random.default_rng(0)
    for dtype, arrays in (("float64", doubles(random)), ("float32", singles(random))):
        elements = np.concatenate([array.astype(dtype) for array in arrays])
        for n, element in enumerate(elements):
            number, room = element.item(), ROOMS[n % len(ROOMS)]
            yield [dtype, as_json(number), room, short(number, room), exact(Numbers(element))]


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w") as file, np.errstate(all="ignore"):
        file.writelines(f"{json.dumps(line)}\n" for line in lines())
