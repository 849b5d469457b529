"""How many digits two numbers have in common."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbgrad.checks.precision import digits_in_common


@given(st.floats(1e-6, 1e6), st.integers(1, 12))
def test_agreement_counts_digits(value, digits):
    assert digits_in_common(value, [value * (1 + 6 * 10.0**-digits)]) == digits - 1
    assert digits_in_common(value, [value * (1 + 4 * 10.0**-digits)]) == digits


@pytest.mark.parametrize("strange", [np.nan, np.inf])
def test_what_is_not_finite_agrees_with_nothing(strange):
    assert digits_in_common(1.0, [strange]) == digits_in_common(strange, [strange]) == 0
