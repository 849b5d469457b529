"""Assignments: operations that give a variable another value."""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.registry import Effect, NotDifferentiable
from nbgrad.core.shapes import assigned
from nbgrad.ops.define import as_given, operation, scalar
from nbgrad.ops.indexing import check_within


def _assigned(ref, value, *, validate_shape):
    return assigned(ref, value) if validate_shape else value


@operation(
    "Assign",
    node="(ref, value) T=ref validate_shape=validate_shape",
    dtypes="T,T->T",
    shape=_assigned,
    effect=Effect.SETS,
    symbol="←",
)
def _assign(ref, value, *, validate_shape=True):
    return value


@operation("AssignAdd", dtypes="T,T->T", shape=assigned, effect=Effect.CHANGES, symbol="+=")
def _assign_add(ref, value):
    return ref + value


@operation("AssignSub", dtypes="T,T->T", shape=assigned, effect=Effect.CHANGES, symbol="−=")
def _assign_sub(ref, value):
    return ref - value


for _op_type in ("Assign", "AssignAdd", "AssignSub"):
    NotDifferentiable(_op_type)


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


for _op_type in ("ScatterUpdate", "ScatterAdd", "ScatterSub", "ScatterMul", "ScatterDiv"):
    NotDifferentiable(_op_type)


@operation(
    "VariableV2",
    node="() dtype=dtype shape=shape",
    dtypes="->dtype",
    shape=as_given,
    name="Variable",
    effect=Effect.HOLDS,
    symbol="var",
)
def _variable(*, shape, dtype):
    raise AssertionError("A session reads variables itself.")


@operation(
    "IsVariableInitialized",
    node="(ref) dtype=ref",
    dtypes="A->bool",
    shape=scalar,
    effect=Effect.PEEKS,
    symbol="ready?",
)
def _is_variable_initialized(ref):
    return np.bool_(ref is not None)


@operation("InitializedValue", dtypes="T,T->T", effect=Effect.PEEKS, symbol="or initial")
def _initialized_value(ref, initial):
    return initial if ref is None else ref


for _op_type in ("IsVariableInitialized", "InitializedValue"):
    NotDifferentiable(_op_type)


@operation(
    "UninitializedNames",
    dtypes="A->string",
    shape=lambda *_refs, names: (None,),
    effect=Effect.PEEKS,
    symbol="not ready",
)
def _uninitialized_names(*refs, names):
    """z = the names of those variables that have no value"""
    missing = [name.encode() for name, value in zip(names, refs, strict=True) if value is None]
    return np.array(missing, dtype=object)
