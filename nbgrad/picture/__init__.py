"""Pictures of a trace.

A layout places a scene, which depends on the graph alone; rules say which number stands where, in
which form; outputs draw the result. Read `scene` and `forms` first, then `cards`, `cards.roads` and
one layout, `layouts.overlay`, and `output.svg`.

- `cards`: what stands on a card and between cards; `faces` and `maps` for arrays.
- `layouts`: the package finds what fits a width: `overlay`, `rails`, `overview`; `mirror`, `tape`
  and `paths` are other ways to look. `placing` is the geometry, with `columns` and `gaps`; `units`
  are what it places.
- Rules: `template`, with the forms that stand in `forms`, `cards.roads` and `cards.maps`.
- What verbs return, each a `result`: `drawing` with its `legend`, `film`, `microscope`,
  `derivations`, `plots` with their `charts`.
- Sentences: `words`, `step_line`. Looks: `theme`.
"""

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
