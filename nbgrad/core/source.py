"""The line of the user's program that created an operation.

In a graph, a mistake shows when a session runs, far from the line that made it; so every
operation remembers that line. Remembering must cost next to nothing: only the code object
and the line's number are kept, the text is looked up when somebody asks.
"""

from __future__ import annotations

import functools
import itertools
import linecache
import os
import sys
from types import CodeType
from typing import NamedTuple

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


def user_lines() -> tuple[SourceLine, SourceLine | None]:
    """The innermost line on the stack that is not nbgrad's own, and the line that called it.

    The caller is None where that is nbgrad, or Python itself.
    """
    frame = sys._getframe(1)
    while is_in_package(frame.f_code.co_filename) and frame.f_back:
        frame = frame.f_back
    global _last, _last_caller
    if _last.code is not frame.f_code or _last.instruction != frame.f_lasti:
        _last = SourceLine(frame.f_code, frame.f_lineno, frame.f_lasti)
    back = None if frame.f_code.co_name == "<module>" else frame.f_back
    if back is None:
        return _last, None
    if _last_caller.code is not back.f_code or _last_caller.instruction != back.f_lasti:
        if is_in_package(back.f_code.co_filename):
            return _last, None
        _last_caller = SourceLine(back.f_code, back.f_lineno, back.f_lasti)
    return _last, _last_caller  # one for all operations of a loop, a gradient, …


_last = _last_caller = SourceLine(user_lines.__code__, 0)


@functools.cache
def is_in_package(filename: str) -> bool:
    return filename.startswith(PACKAGE)
