"""What writes itself to a file: the ending of the name says in which form."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from nbgrad.render.scene.style import THEMES, Theme

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


def page(html: str, title: str, theme: Theme = "auto") -> str:
    """A page that needs nothing else."""
    head = '<!doctype html><html lang="en"><meta charset="utf-8">'
    return f"{head}<title>{escape(title)}</title>{background(theme)}<body>{html}</body></html>\n"


def background(theme: Theme) -> str:
    """A style sheet that paints the whole page, beyond the picture, as the theme has it."""
    light, dark = (f"body{{background:{THEMES[name]['page']}}}" for name in ("light", "dark"))
    if theme == "auto":
        return f"<style>{light}@media (prefers-color-scheme:dark){{{dark}}}</style>"
    return f"<style>{dark if theme == 'dark' else light}</style>"
