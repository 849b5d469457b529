"""Loops inside a graph, which nbgrad refuses: a loop in Python shows each of its turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

NO_LOOP = """Refused: unroll the loop of `{name}` in Python, and see each of its turns.

Parameters
----------
*args, **options : object
    Whatever TensorFlow's function takes.

Returns
-------
Tensor
    Never.

Raises
------
NotImplementedError
    Always.

Examples
--------
>>> import nbgrad as tf
>>> x = tf.constant(2.0)
>>> for _ in range(3):
...     x = x * x
>>> with tf.Session() as session:
...     print(session.run(x))
256.0
"""


def loop_refused(name: str) -> Callable[..., NoReturn]:
    def refuse(*args: Any, **options: Any) -> NoReturn:
        raise NotImplementedError(
            f"nbgrad has no tf.{name}: unroll the loop in Python.\nA `for` loop that builds the "
            "operations of each turn gives the same gradients, and a picture of every step."
        )

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = NO_LOOP.format(name=name)
    return refuse


while_loop = loop_refused("while_loop")
scan = loop_refused("scan")
map_fn = loop_refused("map_fn")
foldl = loop_refused("foldl")
foldr = loop_refused("foldr")
