"""Whether explorers are live, or stand still for a page that no kernel will answer."""

from __future__ import annotations

import os

_static: bool | None = None


def config(*, static: bool | None = None) -> None:
    """Settings of the notebook at hand.

    Parameters
    ----------
    static
        True makes every explorer that is displayed from now on an inline picture, as HTML and
        slides made by nbconvert need it; False makes it live; None leaves that to the
        environment variable NBGRAD_STATIC.

    Examples
    --------
    >>> import nbgrad as ng
    >>> ng.config(static=True)
    >>> ng.config(static=None)
    """
    global _static
    _static = static


def is_static() -> bool:
    """Whether explorers stand still."""
    return os.environ.get("NBGRAD_STATIC", "") not in ("", "0") if _static is None else _static
