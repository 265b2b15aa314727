"""Are exponentials, logarithms and powers of sums and products alone as good as the processor's own?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huixiang.simulation import exact

NEAR = {np.float32: 1e-6, np.float64: 2e-15}


@pytest.mark.parametrize("kind", NEAR)
@given(x=st.floats(-80, 80, width=32))
def test_e_to_the_x(kind: type, x: float) -> None:
    found = exact.exp(np.array([x], dtype=kind))
    assert found.dtype == kind
    assert found[0] == pytest.approx(math.exp(x), rel=NEAR[kind])


@pytest.mark.parametrize("kind", NEAR)
@given(x=st.floats(2**-60, 2**60, width=32))
def test_the_logarithm_of_x(kind: type, x: float) -> None:
    found = exact.log(np.array([x], dtype=kind))
    assert found.dtype == kind
    assert found[0] == pytest.approx(math.log(x), rel=NEAR[kind], abs=NEAR[kind])


@pytest.mark.parametrize("kind", NEAR)
@given(x=st.floats(0, 1000, width=32, allow_subnormal=False), exponent=st.floats(0.5, 3))
def test_a_power_of_x(kind: type, x: float, exponent: float) -> None:
    found = exact.power(np.array([x], dtype=kind), exponent)
    assert found[0] == pytest.approx(x**exponent, rel=30 * NEAR[kind], abs=1e-30)


def test_what_is_too_large_or_too_small_is_held_within_the_type() -> None:
    assert np.isfinite(exact.exp([-np.inf, np.inf])).all()
    assert exact.exp(-np.inf) < 1e-300
    assert exact.exp(0.0) == exact.power([1.0], 1.3)[0] == 1
    assert exact.power(np.zeros(1), 1.3)[0] == 0
