"""What went wrong in a run, said as TensorFlow says it, and where it began."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from nbgrad.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    OpError,
    UnfedPlaceholderError,
    advise,
)
from nbgrad.graph import Operation
from nbgrad.session.calls import Call
from nbgrad.shapes import brackets


def raise_with_operation(error: Exception, call: Call, values: list[Any]) -> NoReturn:
    """Raise an error of a kernel again, with the operation and the user's line."""
    op = call.op
    if isinstance(error, UnfedPlaceholderError):
        missing = f"You must feed a value for placeholder tensor '{op.name}' {error.message}"
        raise InvalidArgumentError(None, op, advise(missing, op)) from None
    if isinstance(error, OpError):
        raise type(error)(None, op, advise(error.message, op)) from None
    if isinstance(error, KeyError) and isinstance(error.args[0], Operation):
        name = error.args[0].name
        raise FailedPreconditionError(
            None,
            op,
            advise(
                f"Attempting to use uninitialized value {name}",
                op,
                "Run tf.global_variables_initializer() in this session first. It covers only "
                "variables that exist already: build the initializer last.",
            ),
        ) from None
    sentence = str(error)
    if op.definition.elementwise and isinstance(error, ValueError):
        given = " vs. ".join(brackets(np.shape(value)) for value in values)
        sentence = f"Incompatible shapes: {given}"
    raise InvalidArgumentError(None, op, advise(sentence, op)) from error
