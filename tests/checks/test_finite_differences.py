"""Slopes from differences, taken to their limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbgrad.checks.finite_differences import extrapolated


@given(st.floats(-10, 10), st.floats(-3, 3), st.floats(-3, 3))
def test_extrapolation_finds_the_limit_of_a_smooth_slope(limit, bend, curl):
    found = extrapolated(lambda h: limit + bend * h**2 + curl * h**4, 0.4)
    assert found == pytest.approx(limit, abs=1e-9)
