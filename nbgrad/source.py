"""Which line of the user's program created an operation.

In a graph, a mistake shows when a session runs, far from the line that made it; so every
operation remembers that line. Remembering must cost next to nothing: only the code object
and the line's number are kept, the text is looked up when somebody asks.
"""

from __future__ import annotations

import ast
import functools
import linecache
import os
import re
import sys
from types import CodeType
from typing import NamedTuple

PACKAGE = os.path.join(os.path.dirname(__file__), "")


class SourceLine(NamedTuple):
    """A place in the user's program."""

    code: CodeType
    number: int

    @property
    def text(self) -> str:
        """The line as written, or "" where the source is not to be had."""
        return linecache.getline(self.code.co_filename, self.number).strip()

    @property
    def place(self) -> str:
        """Where it is: "in cell [4]" in a notebook, "in line 12 of model.py" elsewhere."""
        cell = notebook_cell(self.code.co_filename)
        if cell is not None:
            return f"in cell [{cell}]"
        return f"in line {self.number} of {os.path.basename(self.code.co_filename)}"

    @property
    def assigned_name(self) -> str | None:
        """The Python name the line assigns to, as `y` in `y = x * x`; None where there is none."""
        try:
            statements = ast.parse(self.text).body
        except (SyntaxError, ValueError):
            opened = re.match(r"([A-Za-z_]\w*) *=[^=]", self.text)  # a statement that goes on below
            return opened[1] if opened else None
        match statements:
            case [ast.Assign(targets=[ast.Name(id=name)])]:
                return name
        return None

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.text else self.place


def notebook_cell(filename: str) -> int | None:
    """The number of the notebook cell that IPython compiled under this file name."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    compiler = getattr(shell, "compile", None)
    return getattr(compiler, "_filename_map", {}).get(filename)


def user_line() -> SourceLine:
    """The innermost line on the stack that is not nbgrad's own."""
    frame = sys._getframe(1)
    while is_ours(frame.f_code.co_filename) and frame.f_back:
        frame = frame.f_back
    global _last
    if _last.code is not frame.f_code or _last.number != frame.f_lineno:
        _last = SourceLine(frame.f_code, frame.f_lineno)
    return _last  # one for all operations of a loop, a gradient, …


_last = SourceLine(user_line.__code__, 0)


@functools.cache
def is_ours(filename: str) -> bool:
    return filename.startswith(PACKAGE)
