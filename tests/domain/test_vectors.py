"""Do words that mean nearly the same stand near each other, whoever asks?"""

from __future__ import annotations

import numpy as np

from huixiang.domain.understanding import vectors


def test_words_that_mean_alike_lie_near_each_other() -> None:
    trouble, difficulty, credit, unknown, nothing = vectors.points(["麻烦", "困难", "信贷", "龘𠮷", ""])
    assert trouble @ difficulty > 2 * (trouble @ credit)
    parts = vectors.points(["麻烦", "了"])
    assert np.allclose(vectors.points(["麻烦了"])[0], (2 * parts[0] + parts[1]) / 3, atol=1e-6)
    assert not nothing.any()
    assert unknown.shape == (vectors.WIDTH,)
    assert vectors.points([]).shape == (0, vectors.WIDTH)
