"""Packages that only some results need: what is said where one is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needed_by(what: str) -> Iterator[None]:
    """A `with` for imports, after which a missing package is named with what needs it.

    Raises
    ------
    ModuleNotFoundError
        If there is no such package; the message has the command that installs it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "nbgrad":
            raise
        raise ModuleNotFoundError(
            f"{what} needs the package {package!r}, which is not installed.\n"
            f"Run `python -m pip install {package}`, or `%pip install {package}` in a notebook.",
            name=package,
        ) from None
