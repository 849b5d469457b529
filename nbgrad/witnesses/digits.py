"""How many digits several numbers have in common."""

from __future__ import annotations

import math
from collections.abc import Sequence


def agreeing(value: float, others: Sequence[float]) -> int:
    """The significant digits on which a value agrees with all the others; 0 for none.

    They agree on n digits if they are no further apart than 5 in the digit after these.

    Examples
    --------
    >>> agreeing(2.0, [2.0002, 1.9999]), agreeing(1.0, [-1.0]), agreeing(3.0, [3.0])
    (4, 0, 16)
    """
    apart = max(abs(value - other) for other in others)
    smallest = min(map(abs, [value, *others]))
    if not math.isfinite(apart):
        return 0
    if apart <= 5e-16 * smallest:
        return 16
    return max(0, math.floor(math.log10(5 * smallest / apart))) if smallest else 0
