"""Assignments to some rows of a variable: what embeddings and tables are trained with."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from nbgrad.graph import Tensor
from nbgrad.ops.define import operation
from nbgrad.ops.selecting.indexing import check_within
from nbgrad.ops.state.assigning import write_to
from nbgrad.registry import Effect, NotDifferentiable

_rows_changed = functools.partial(
    operation,
    node="(ref, indices, updates) T=ref Tindices=indices",
    dtypes="T,I,T->T",
    effect=Effect.CHANGES,
)


def changed(ref, indices, updates, change):
    """A copy of a variable's value in which some rows were changed."""
    check_within(indices, np.shape(ref)[0], "indices")
    after = np.array(ref)
    change(after, indices, updates)
    return after


def _replace(array, rows, values):
    array[rows] = values


@_rows_changed("ScatterUpdate", symbol="[i] ←")
def _scatter_update(ref, indices, updates):
    """A variable in which some rows are replaced"""
    return changed(ref, indices, updates, _replace)


@_rows_changed("ScatterAdd", symbol="[i] +=")
def _scatter_add(ref, indices, updates):
    """A variable with something added to some rows, as often as each is named"""
    return changed(ref, indices, updates, np.add.at)


@_rows_changed("ScatterSub", symbol="[i] −=")
def _scatter_sub(ref, indices, updates):
    """A variable with something subtracted from some rows, as often as each is named"""
    return changed(ref, indices, updates, np.subtract.at)


@_rows_changed("ScatterMul", symbol="[i] ×=")
def _scatter_mul(ref, indices, updates):
    """A variable with some rows multiplied, as often as each is named"""
    return changed(ref, indices, updates, np.multiply.at)


@_rows_changed("ScatterDiv", symbol="[i] ÷=")
def _scatter_div(ref, indices, updates):
    """A variable with some rows divided, as often as each is named"""
    return changed(ref, indices, updates, np.divide.at)


HELP = """A tensor that, when run, {does} some rows of a variable, and is its new value.

A row that is named twice is changed twice, one after the other.

Parameters
----------
ref : Variable
indices : tensor_like of integer
    Which rows, counted from 0.
updates : tensor_like of the dtype of the variable
    Of the shape of the indices, followed by that of a row.
use_locking : optional
    Accepted as in TensorFlow, and without effect.
name : str, optional
    What the operation is called in the graph.

Returns
-------
Tensor
    Of the dtype and shape of the variable. No gradient passes.

Raises
------
TypeError
    If the dtypes differ, or the indices are no integers.
AttributeError
    If `ref` is no variable.
InvalidArgumentError
    In a run, if there is no such row.

Examples
--------
>>> import nbgrad as ng
>>> with ng.Graph().as_default(), ng.Session() as session:
...     w = ng.Variable([1.0, 2.0])
...     session.run(w.initializer)
...     print(session.run(ng.{name}(w, [0, 0], [10.0, 10.0])))
{after}
"""


def _public(op_type: str, name: str, does: str, after: str) -> Callable[..., Tensor]:
    def scatter(
        ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        return write_to(op_type, ref, indices, updates, name=name)

    scatter.__name__ = scatter.__qualname__ = name
    scatter.__doc__ = HELP.format(does=does, name=name, after=after)
    return scatter


scatter_update = _public("ScatterUpdate", "scatter_update", "replaces", "[10.  2.]")
scatter_add = _public("ScatterAdd", "scatter_add", "adds to", "[21.  2.]")
scatter_sub = _public("ScatterSub", "scatter_sub", "subtracts from", "[-19.   2.]")
scatter_mul = _public("ScatterMul", "scatter_mul", "multiplies", "[100.   2.]")
scatter_div = _public("ScatterDiv", "scatter_div", "divides", "[0.01 2.  ]")

for _op_type in ("ScatterUpdate", "ScatterAdd", "ScatterSub", "ScatterMul", "ScatterDiv"):
    NotDifferentiable(_op_type)
