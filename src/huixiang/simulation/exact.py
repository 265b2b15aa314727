"""How much is e to the x, to the last bit and on whatever processor? Made of sums and products alone.

numpy takes exponentials and logarithms by what the processor offers, and rounds them otherwise in the last place with
AVX2 than without; one such bit makes somebody a second later, and all who stand behind as well. Sums, products and
quotients are rounded alike by every processor (IEEE 754). Errors stay below 1e-6 in float32 and 2e-15 in float64 of the
value, of `power` below thirty times that.
"""

from __future__ import annotations

from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[Any]  # of float32 or float64, which the results keep
_TERMS = {np.dtype(np.float32): 7, np.dtype(np.float64): 13}
_ATANH = {np.dtype(np.float32): 5, np.dtype(np.float64): 11}
# The logarithm of 2 in two parts: the first so short that its product with a small whole number is exact.
_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.4286068203094173e-06
LN2 = _LN2_HIGH + _LN2_LOW
_MOST = {np.dtype(np.float32): 87.0, np.dtype(np.float64): 708.0}


def exp(x: Any) -> Reals:
    """e to the power of each; beyond what the type holds, the most or nearly the least that it does."""
    x = _reals(x)
    kind = x.dtype.type
    x = np.clip(x, -kind(_MOST[x.dtype]), kind(_MOST[x.dtype]))
    twos = np.rint(x * kind(1 / LN2))
    rest = x - twos * kind(_LN2_HIGH)
    rest -= twos * kind(_LN2_LOW)
    sum_ = np.full_like(rest, 1 / factorial(_TERMS[x.dtype]))
    for term in range(_TERMS[x.dtype] - 1, -1, -1):  # Taylor's series, of what is less than 0.35
        sum_ *= rest
        sum_ += kind(1 / factorial(term))
    sum_ *= _two_to(twos)
    return np.asarray(sum_)


def log(x: Any) -> Reals:
    """The natural logarithm of each, which must be above 0."""
    x = _reals(x)
    kind = x.dtype.type
    part, twos = np.frexp(x)
    low = part < kind(0.5**0.5)
    part = np.where(low, part * kind(2), part)  # from 0.71 to 1.41
    twos = (twos - low).astype(x.dtype)
    ratio = (part - kind(1)) / (part + kind(1))
    square = ratio * ratio
    sum_ = np.full_like(ratio, 1 / (2 * _ATANH[x.dtype] + 1))
    for term in range(_ATANH[x.dtype] - 1, -1, -1):  # of the area hyperbolic tangent, twice which is the logarithm
        sum_ *= square
        sum_ += kind(1 / (2 * term + 1))
    sum_ *= kind(2) * ratio
    sum_ += twos * kind(_LN2_LOW)
    sum_ += twos * kind(_LN2_HIGH)
    return np.asarray(sum_)


def power(x: Any, exponent: float) -> Reals:
    """Each to a power above 0; 0 stays 0."""
    x = _reals(x)
    tiny = np.finfo(x.dtype).tiny
    return np.where(x > 0, exp(x.dtype.type(exponent) * log(np.maximum(x, tiny))), x.dtype.type(0))


def _two_to(whole: Reals) -> Reals:
    """2 to these whole powers, by writing the exponent's bits."""
    if whole.dtype == np.float32:
        return ((whole.astype(np.int32) + np.int32(127)) << np.int32(23)).view(np.float32)
    return ((whole.astype(np.int64) + np.int64(1023)) << np.int64(52)).view(np.float64)


def _reals(x: Any) -> Reals:
    found = np.asarray(x)
    return found if found.dtype in _TERMS else found.astype(np.float64)
