"""What a picture can be asked for by name, and how one that there is not is refused."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 100
"""So many characters of a headline stand in the one line that `repr` is."""


def chosen(what: str, name: object, known: Iterable[str]) -> None:
    """Refuse a name that is none of those there are.

    Raises
    ------
    ValueError
        Naming them, and the one that was probably meant.

    Examples
    --------
    >>> chosen("theme", "drak", ["auto", "light", "dark"])
    Traceback (most recent call last):
        ...
    ValueError: There is no theme 'drak'. Did you mean 'dark'?
    Possible values: 'auto', 'light', 'dark'
    """
    names = list(known)
    if isinstance(name, str) and name in names:
        return
    close = get_close_matches(str(name), names, 1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    values = ", ".join(map(repr, names))
    raise ValueError(f"There is no {what} {name!r}.{guess}\nPossible values: {values}")


def chosen_theme(theme: object) -> None:
    """Refuse a theme that there is not."""
    chosen("theme", theme, ("auto", "light", "dark"))


def in_a_line(kind: str, words: str) -> str:
    """`<Drawing of f = b + c = 42>`: what a picture is in a list of pictures.

    Examples
    --------
    >>> in_a_line("Drawing", "f = b + c = 42")
    '<Drawing of f = b + c = 42>'
    """
    words = " ".join(words.split())
    words = words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
    return f"<{kind} of {words}>"
