"""Assignments to some rows of a variable: what embeddings and tables are trained with."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from nbgrad.graph import Tensor
from nbgrad.ops.define import operation
from nbgrad.ops.indexing import check_within
from nbgrad.ops.state import write_to
from nbgrad.registry import Effect, NotDifferentiable


def _of_variable(ref, _indices, _updates):
    return ref


_rows_changed = functools.partial(
    operation,
    node="(ref, indices, updates) T=ref Tindices=indices",
    dtypes="T,I,T->T",
    shape=_of_variable,
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


def _public(op_type: str, doc: str) -> Callable[..., Tensor]:
    def scatter(
        ref: Any, indices: Any, updates: Any, use_locking: bool = False, name: str | None = None
    ) -> Tensor:
        return write_to(op_type, ref, indices, updates, name=name)

    scatter.__doc__ = f"A tensor that, when run, {doc}, and is the variable's new value."
    return scatter


scatter_update = _public("ScatterUpdate", "replaces some rows of a variable")
scatter_add = _public("ScatterAdd", "adds to some rows of a variable")
scatter_sub = _public("ScatterSub", "subtracts from some rows of a variable")
scatter_mul = _public("ScatterMul", "multiplies some rows of a variable")
scatter_div = _public("ScatterDiv", "divides some rows of a variable")

for _op_type in ("ScatterUpdate", "ScatterAdd", "ScatterSub", "ScatterMul", "ScatterDiv"):
    NotDifferentiable(_op_type)
