"""The exceptions of TensorFlow's `tf.errors`, and how nbgrad words a message.

A message says what happened (TensorFlow's first sentence), to which operation, created on
which line, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Protocol


class OpError(Exception):
    """An operation failed while a session ran it.

    Attributes
    ----------
    op
        The operation that failed, or None.
    message
        The whole text.
    error_code
        TensorFlow's number for this kind of failure.
    """

    error_code: ClassVar[int] = 2

    def __init__(self, node_def: object, op: OperationLike | None, message: str) -> None:
        super().__init__(message)
        self.node_def = node_def
        self.op = op
        self.message = message


class UnknownError(OpError):
    """An error of another kind, such as one in a Python function of the user's."""

    error_code = 2


class InvalidArgumentError(OpError):
    """An operation received a value that it cannot work with."""

    error_code = 3


class UnfedPlaceholderError(InvalidArgumentError):
    """The error of a placeholder's kernel, which does not know the placeholder's own name."""


class NotFoundError(OpError):
    """Something that was looked up does not exist."""

    error_code = 5


class ResourceExhaustedError(OpError):
    """There is not enough memory for what an operation makes."""

    error_code = 8


class FailedPreconditionError(OpError):
    """The state was not ready, as when a variable has not been initialised."""

    error_code = 9


class OutOfRangeError(OpError):
    """An index or a position lies outside what there is."""

    error_code = 11


class UnimplementedError(OpError):
    """The operation cannot do this."""

    error_code = 12


class OperatorNotAllowedInGraphError(TypeError):
    """A tensor was used as a Python value before any session gave it one."""


class ShapeError(ValueError):
    """Shapes that do not fit, found while the graph is built.

    A shape rule raises it with the bare problem ("Dimensions must be equal, but are 2 and
    3"); the graph then adds which operation it was.
    """


class GradientMismatch(AssertionError):
    """A gradient rule and finite differences disagree."""


def advise(sentence: str, op: OperationLike | None = None, advice: str = "") -> str:
    """A message in the house's form: TensorFlow's sentence, the operation and its line, advice.

    >>> print(advise("The shapes differ.", advice="Use tf.reshape."))
    The shapes differ.
    Use tf.reshape.
    """
    where = f"Operation {op.name!r} (type {op.type!r}), created {op.line}" if op else ""
    return "\n".join(part for part in (sentence, where, advice) if part)


def did_you_mean(name: str, known: Iterable[str], most: int = 3) -> str:
    """A question that names what is spelt like `name`, "" where nothing is.

    >>> did_you_mean("placholder", ["placeholder", "Variable"])
    "Did you mean 'placeholder'?"
    """
    import difflib  # which few programs ever need

    near = difflib.get_close_matches(name, known, n=most)
    return f"Did you mean {' or '.join(map(repr, near))}?" if near else ""


class OperationLike(Protocol):
    """An operation, for those who write errors about it or look up its gradient rule."""

    name: str
    gradient_type: str

    @property
    def type(self) -> str: ...

    @property
    def line(self) -> str: ...
