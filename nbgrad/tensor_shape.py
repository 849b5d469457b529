"""The static shape of a tensor as TensorFlow's users know it: `TensorShape`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from nbgrad.dimension import Dimension, as_size
from nbgrad.shapes import Shape, compatible, element_count, is_known, merge, show

if TYPE_CHECKING:
    import numpy as np

ShapeLike: TypeAlias = (
    "TensorShape | Dimension | int | Sequence[int | Dimension | None] | np.ndarray | None"
)
"""A shape: a list of sizes, None for a size that is not known; None alone for an unknown rank.

-1 also stands for an unknown size, and a number n alone for [n].
"""


class TensorShape:
    """The shape of a tensor as far as it is known.

    Parameters
    ----------
    dims
        Sizes, None for those that are not known; None alone for an unknown rank.

    Examples
    --------
    >>> import nbgrad as ng
    >>> print(ng.TensorShape([None, 3]), ng.TensorShape(None))
    (?, 3) <unknown>
    """

    def __init__(self, dims: ShapeLike) -> None:
        self._dims = as_shape(dims)

    @property
    def ndims(self) -> int | None:
        """How many axes it has, None where that is unknown."""
        return None if self._dims is None else len(self._dims)

    rank = ndims

    @property
    def dims(self) -> list[Dimension] | None:
        """The sizes as a list of `Dimension`, None for an unknown rank."""
        return None if self._dims is None else [Dimension(d) for d in self._dims]

    def as_list(self) -> list[int | None]:
        """The sizes as a list, None for those that are not known.

        Returns
        -------
        list of int or None
            One for each axis.

        Raises
        ------
        ValueError
            If the rank is unknown.
        """
        if self._dims is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return list(self._dims)

    def num_elements(self) -> int | None:
        """The product of the sizes.

        Returns
        -------
        int or None
            None where a size is not known.
        """
        return element_count(self._dims)

    def is_fully_defined(self) -> bool:
        """Whether the rank and every size are known.

        Returns
        -------
        bool
            True for a scalar too.
        """
        return is_known(self._dims)

    def is_compatible_with(self, other: ShapeLike) -> bool:
        """Whether one tensor could have both shapes.

        Parameters
        ----------
        other
            A shape, or what becomes one.

        Returns
        -------
        bool
            What is unknown fits everything.
        """
        return compatible(self._dims, as_shape(other))

    def merge_with(self, other: ShapeLike) -> TensorShape:
        """All that two descriptions of one shape say together.

        Parameters
        ----------
        other
            A shape, or what becomes one.

        Returns
        -------
        TensorShape
            With every size that one of them knows.

        Raises
        ------
        ValueError
            If they contradict each other.
        """
        return TensorShape(merge(self._dims, as_shape(other)))

    def concatenate(self, other: ShapeLike) -> TensorShape:
        """The sizes of this shape, and then those of another.

        Parameters
        ----------
        other
            A shape, or what becomes one.

        Returns
        -------
        TensorShape
            Of unknown rank where one of them is.
        """
        theirs = as_shape(other)
        if self._dims is None or theirs is None:
            return TensorShape(None)
        return TensorShape(self._dims + theirs)

    def with_rank(self, rank: int) -> TensorShape:
        """The same shape, once it is known to have so many axes.

        Parameters
        ----------
        rank
            How many.

        Returns
        -------
        TensorShape
            Of unknown sizes, where the rank was unknown.

        Raises
        ------
        ValueError
            If it has another rank.
        """
        return self.merge_with([None] * rank)

    def __getitem__(self, key: Any) -> Any:
        if self._dims is None:
            return TensorShape(None) if isinstance(key, slice) else Dimension(None)
        part = self._dims[key]
        return TensorShape(part) if isinstance(key, slice) else Dimension(part)

    def __iter__(self) -> Iterator[Dimension]:
        if self._dims is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return (Dimension(d) for d in self._dims)

    def __len__(self) -> int:
        if self._dims is None:
            raise ValueError("Cannot take the length of shape with unknown rank.")
        return len(self._dims)

    def __bool__(self) -> bool:
        return self._dims is not None

    def __eq__(self, other: object) -> bool:
        try:
            return self._dims == as_shape(other)
        except TypeError:
            return NotImplemented

    def __hash__(self) -> int:
        return hash(self._dims)

    def __str__(self) -> str:
        return show(self._dims)

    def __repr__(self) -> str:
        return f"TensorShape({self.dims})"


def as_shape(value: Any) -> Shape:
    """A shape from None, a number, a TensorShape or a sequence of sizes."""
    if value is None:
        return None
    if isinstance(value, TensorShape):
        return value._dims
    if isinstance(value, int | Dimension):
        value = [value]
    return tuple(as_size(d) for d in value)
