"""The exceptions of TensorFlow's `tf.errors`, how nbgrad words a message, and the user's lines.

A message says what happened (TensorFlow's first sentence), to which operation, created on
which line, and what to do about it.
"""

from __future__ import annotations

import itertools
import linecache
import os
import sys
from collections.abc import Callable, Iterable
from types import CodeType
from typing import ClassVar, NamedTuple, Protocol


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

    def __init_subclass__(cls, code: int | None = None) -> None:
        cls.error_code = cls.error_code if code is None else code

    def __init__(self, node_def: object, op: OperationLike | None, message: str) -> None:
        super().__init__(message)
        self.node_def = node_def
        self.op = op
        self.message = message


class UnknownError(OpError):
    """An error of another kind, such as one in a Python function of the user's."""


class InvalidArgumentError(OpError, code=3):
    """An operation received a value that it cannot work with."""


class UnfedPlaceholderError(InvalidArgumentError):
    """The error of a placeholder's kernel, which does not know the placeholder's own name."""


class NotFoundError(OpError, code=5):
    """Something that was looked up does not exist."""


class ResourceExhaustedError(OpError, code=8):
    """There is not enough memory for what an operation makes."""


class FailedPreconditionError(OpError, code=9):
    """The state was not ready, as when a variable has not been initialized."""


class OutOfRangeError(OpError, code=11):
    """An index or a position lies outside what there is."""


class UnimplementedError(OpError, code=12):
    """The operation cannot do this."""


class OperatorNotAllowedInGraphError(TypeError):
    """A tensor was used as a Python value before any session gave it one."""


class ShapeError(ValueError):
    """Shapes that do not fit, found while the graph is built.

    A shape rule raises it with the bare problem ("Dimensions must be equal, but are 2 and
    3"); the graph then adds which operation it was.
    """


class GradientMismatch(AssertionError):
    """A gradient rule and finite differences disagree."""


def __dir__() -> list[str]:
    """The exceptions, which is all that TensorFlow has in `tf.errors`."""
    each = globals().items()
    return [name for name, it in each if isinstance(it, type) and issubclass(it, Exception)]


def advise(sentence: str, op: OperationLike | None = None, advice: str = "") -> str:
    """A message in the house's form: TensorFlow's sentence, the operation and its line, advice.

    >>> print(advise("The shapes differ.", advice="Use tf.reshape."))
    The shapes differ.
    Use tf.reshape.
    """
    where = f"Operation {op.name!r} (type {op.type!r}), created {op.line}" if op else ""
    return "\n".join(part for part in (sentence, where, advice) if part)


def invalid(sentence: str) -> InvalidArgumentError:
    """The error of a kernel that cannot take its operands; the session names the operation."""
    return InvalidArgumentError(None, None, sentence)


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


# The user's line ------------------------------------------------------------------------------

# In a graph, a mistake shows when a session runs, far from the line that made it; so every
# operation remembers that line. Remembering must cost next to nothing: only the code object
# and the line's number are kept, the text is looked up when somebody asks.

PACKAGE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "")


class SourceLine(NamedTuple):
    """A place in the user's program: a line of some code, and the instruction that was at work."""

    code: CodeType
    number: int
    instruction: int = -1

    @property
    def text(self) -> str:
        """The line as written, or "" where the source is not to be had."""
        return linecache.getline(self.code.co_filename, self.number).strip()

    @property
    def place(self) -> str:
        """The file or cell and line: "in cell [4]", or "in line 12 of model.py"."""
        cell = notebook_cell(self.code.co_filename)
        if cell is not None:
            return f"in cell [{cell}]"
        return f"in line {self.number} of {os.path.basename(self.code.co_filename)}"

    @property
    def column(self) -> int | None:
        """The column of the expression in the line; None before Python 3.11, which knows none."""
        positions = getattr(self.code, "co_positions", None)
        if positions is None or self.instruction < 0:
            return None
        at = self.instruction // 2  # two bytes an instruction
        return next(itertools.islice(positions(), at, None), (None,) * 4)[2]

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.text else self.place


def notebook_cell(filename: str) -> int | None:
    """The number of the notebook cell that IPython compiled under this file name."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    compiler = getattr(shell, "compile", None)
    return getattr(compiler, "_filename_map", {}).get(filename)


Lines = tuple[SourceLine, SourceLine | None]


def user_lines(above: int = 1) -> Lines:
    """The innermost line on the stack that is not nbgrad's own, and the line that called it.

    The caller is None where that is nbgrad, or Python itself.
    """
    global _last, _last_caller
    frame = sys._getframe(above)
    while IS_OURS[frame.f_code.co_filename] and frame.f_back:
        frame = frame.f_back
    code = frame.f_code
    if _last.code is not code or _last.instruction != frame.f_lasti:
        _last = SourceLine(code, frame.f_lineno, frame.f_lasti)
    back = None if code.co_name == "<module>" else frame.f_back
    if back is None:
        return _last, None
    code = back.f_code
    if _last_caller.code is not code or _last_caller.instruction != back.f_lasti:
        if IS_OURS[code.co_filename]:
            return _last, None
        _last_caller = SourceLine(code, back.f_lineno, back.f_lasti)
    return _last, _last_caller  # one for all operations of a loop, a gradient, …


_last = _last_caller = SourceLine(user_lines.__code__, 0)


def is_ours(function: Callable[..., object]) -> bool:
    """Whether a kernel or a rule is nbgrad's own, and not a learner's."""
    module = function.__module__ or ""  # None in a program that `exec` runs without a name
    return module.startswith("nbgrad.")


class Ours(dict[str, bool]):
    """Whether each file that a frame was met in is nbgrad's own."""

    def __missing__(self, filename: str) -> bool:
        self[filename] = filename.startswith(PACKAGE)
        return self[filename]


IS_OURS = Ours()
