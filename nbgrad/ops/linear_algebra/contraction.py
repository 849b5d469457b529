"""Sums of products over axes that are told by letters: einsum, and tensordot by its means."""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor, graph_of, shape_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.define import operation
from nbgrad.ops.rearranging.sizes import rank_of
from nbgrad.ops.reductions.sums import spread
from nbgrad.registry import RegisterGradient


def _contracted(*shapes, equation):
    if None in shapes:
        return None
    sizes: dict[str, int | None] = {}
    operands, _, result = equation.partition("->")
    for letters, shape in zip(operands.split(","), shapes, strict=True):
        if len(letters) != len(shape):
            raise ShapeError(f"Shape must be rank {len(letters)} but is rank {len(shape)}")
        for letter, size in zip(letters, shape, strict=True):
            known = sizes.get(letter)
            if None not in (known, size) and known != size:
                raise ShapeError(f"Dimensions must be equal, but are {known} and {size}")
            sizes[letter] = known if size is None else size
    return tuple(sizes[letter] for letter in result)


@operation("Einsum", dtypes="N->N", shape=_contracted, symbol="einsum")
def _einsum(*inputs, equation):
    """z = the products of all x, summed over the letters that the result lacks"""
    return np.asarray(np.einsum(equation, *inputs, optimize=len(inputs) > 2))[()]


@RegisterGradient("Einsum")
def _einsum_grad(op, dz):
    operands, _, result = op.attributes["equation"].partition("->")
    letters = operands.split(",")
    return [
        _back_to(
            x,
            mine,
            [dz, *op.inputs[:i], *op.inputs[i + 1 :]],
            [result, *letters[:i], *letters[i + 1 :]],
        )
        for i, (x, mine) in enumerate(zip(op.inputs, letters, strict=True))
    ]


def _back_to(x, mine, others, letters):
    """The contraction of dz with the other operands, in the shape of x.

    Letters that x alone has were summed; each of its elements along them gets the same.
    """
    there = [letter for letter in mine if any(letter in each for each in letters)]
    dx = _einsum(others, f"{','.join(letters)}->{''.join(there)}")
    missing = [i for i, letter in enumerate(mine) if letter not in there]
    return spread(dx, shape_of(x), missing) if missing else dx


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Tensor:
    """The sum of products that an equation describes: "ij,jk->ik" is zᵢₖ = Σⱼ xᵢⱼ yⱼₖ.

    Parameters
    ----------
    equation : str
        A letter for each axis of each operand, and after "->" those of the result. Without
        "->", the result has the letters that stand only once, in the order of the alphabet.
    *inputs : tensor_like of numbers (float, complex, integer)
        Of one dtype.
    **kwargs : str, optional
        `name`, what the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The sizes of the letters of the result.

    Raises
    ------
    TypeError
        If there is another keyword argument, or the dtypes differ.
    ValueError
        If the equation has "...", a letter twice in one operand, or does not fit the operands.

    Examples
    --------
    >>> import nbgrad as tf
    >>> a = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.einsum("ij->ji", a)))
    ...     print(session.run(tf.einsum("ij,ij->i", a, a)))
    [[1. 3.]
     [2. 4.]]
    [ 5. 25.]
    """
    unknown = set(kwargs) - {"name"}
    if unknown:
        raise TypeError(
            f"invalid keyword arguments for this function: {', '.join(sorted(unknown))}"
        )
    equation = equation.replace(" ", "")
    if "." in equation:
        raise ValueError(f"Subscripts not supported: {equation}\nGive every axis a letter.")
    left, arrow, right = equation.partition("->")
    operands = left.split(",")
    if len(operands) != len(inputs):
        raise ValueError(
            f'Got {len(inputs)} arguments for equation "{equation}", expecting {len(operands)}'
        )
    for letters in operands:
        if len(set(letters)) < len(letters):
            raise ValueError(f"Subscript not supported: an axis appears more than once: {letters}")
    if not arrow:
        once = [c for c in left if c.isalpha() and left.count(c) == 1]
        right = "".join(sorted(once))
    if set(right) - set(left):
        raise ValueError(f"Invalid equation: {equation}\nIts result has axes that no operand has.")
    return _einsum(list(inputs), f"{left}->{right}", kwargs.get("name") or "einsum")


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """The sum of products over pairs of axes, as matmul's zᵢₖ = Σⱼ aᵢⱼ bⱼₖ over one pair.

    Parameters
    ----------
    a, b : tensor_like of numbers (float, complex, integer)
    axes : int or two lists of int
        How many: the last ones of a with the first ones of b. Or which of a with which of b.
    name : str, optional
        What the operation is called in the graph.

    Returns
    -------
    Tensor
        Of the same dtype. The axes of a and then those of b that are not summed over.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ.
    ValueError
        If the lists differ in length, the sizes do not fit, or an operand's number of axes is
        not known.

    Examples
    --------
    >>> import nbgrad as tf
    >>> with tf.Session() as session:
    ...     print(session.run(tf.tensordot([[1.0, 2.0], [3.0, 4.0]], [1.0, 10.0], axes=1)))
    [21. 43.]
    """
    graph = graph_of(a, b)
    x, y = as_tensor(a, graph, name="a"), as_tensor(b, graph, name="b")
    rank, other_rank = rank_of(x), rank_of(y)
    if isinstance(axes, int):
        pairs = [(rank - axes + i, i) for i in range(axes)]
    else:
        first, second = ([each] if isinstance(each, int) else list(each) for each in axes)
        if len(first) != len(second):
            raise ValueError(
                f"Different number of contraction axes 'a' and 'b', {len(first)} != {len(second)}."
            )
        pairs = [(i % rank, j % other_rank) for i, j in zip(first, second, strict=True)]
    of_x = list(string.ascii_lowercase[:rank])
    of_y = list(string.ascii_uppercase[:other_rank])
    for i, j in pairs:
        of_y[j] = of_x[i]
    rest = [c for c in of_x if c not in of_y] + [c for c in of_y if c not in of_x]
    return _einsum([x, y], f"{''.join(of_x)},{''.join(of_y)}->{''.join(rest)}", name or "Tensordot")
