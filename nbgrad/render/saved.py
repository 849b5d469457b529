"""What writes itself to a file: the ending of the name says in which form."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

Writers = dict[str, Callable[[], str | bytes]]


class Saved:
    """Something that `save`s itself in several forms."""

    def writers(self) -> Writers:
        """What makes the content of a file, by the ending of its name."""
        raise NotImplementedError

    def save(self, path: str | Path) -> Path:
        """Write it to a file; the ending of the name says in which form.

        Returns
        -------
        pathlib.Path
            Where it was written.

        Raises
        ------
        ValueError
            If there is no such form; the message names those there are.
        """
        path, writers = Path(path), self.writers()
        write = writers.get(path.suffix.lower())
        if write is None:
            ending = f"ends in {path.suffix!r}" if path.suffix else "has no ending"
            raise ValueError(
                f"Cannot save a {type(self).__name__} as {path.name!r}: the name {ending}.\n"
                f"Endings there are: {' '.join(writers)}"
            )
        content = write()
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


def page(html: str, title: str) -> str:
    """A page that needs nothing else."""
    head = '<!doctype html><html lang="en"><meta charset="utf-8">'
    return f"{head}<title>{escape(title)}</title><body>{html}</body></html>\n"
