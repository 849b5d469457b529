"""Types that signatures use for arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from nbgrad.core.graph import Operand, Operation

if TYPE_CHECKING:
    import numpy.typing as npt

TensorLike: TypeAlias = "Operand | npt.ArrayLike | Sequence[Any]"
"""A tensor or a variable, or what becomes a constant: numbers, text, arrays, nested lists of them.

A list may hold tensors too, all of one dtype; they are stacked. Python's floats become float32 and
its integers int32 (int64 where they need it), unless a tensor beside them asks for another type.
"""

ArrayLike: TypeAlias = "npt.ArrayLike"
"""A value that is known now: a number, text, an array, or nested lists of them."""

Tensors: TypeAlias = "Operand | str | Sequence[Operand | str]"
"""A tensor or a variable, or a flat list of them: the ys and the xs of `gradients`.

The verbs that trace, draw, explain and check take the names of tensors ("mul:0"), too.
"""

Fetches: TypeAlias = "Operand | Operation | str | Sequence[Fetches] | Mapping[Any, Fetches] | None"
"""What a session fetches: a tensor, a variable, an operation or the name of one.

Or a list, tuple, named tuple or dictionary of these, nested as you like; the values come back in
the same structure. None is what `gradients` may give; a session refuses it, and says why it is so.
"""

FeedDict: TypeAlias = "Mapping[Any, Any]"
"""Values for a run: from tensors, variables or names of tensors to numbers, arrays or lists.

A key may also be a tuple of tensors, and its value a tuple of as many values.
"""

InitializerLike: TypeAlias = "TensorLike | Callable[..., TensorLike] | type[Any]"
"""The start of a variable: a function of shape and dtype, such as `zeros_initializer()`.

Or its class, `zeros_initializer`; or a function of nothing, or the initial value itself.
"""

Setting: TypeAlias = "TensorLike | Callable[[], TensorLike]"
"""A setting of an optimiser, a scalar: a number, a tensor, or a function that returns either.

A tensor, such as a placeholder or a decay, is read again in every step; a function is called once,
while the graph is built.
"""
