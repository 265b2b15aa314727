"""Do words that mean nearly the same stand near each other, and does a model say so when its table has changed?"""

from __future__ import annotations

import numpy as np
import pytest

from huixiang.domain.understanding import vectors
from huixiang.domain.understanding.learned import training
from huixiang.domain.understanding.learned.classifier import Classifier
from huixiang.domain.understanding.learned.meanings import COLUMNS, meanings
from huixiang.domain.understanding.words import Words

WORDS = Words()


def test_words_that_mean_alike_lie_near_each_other() -> None:
    trouble, difficulty, credit, unknown, nothing = vectors.points(["麻烦", "困难", "信贷", "龘𠮷", ""])
    assert trouble @ difficulty > 2 * (trouble @ credit)
    parts = vectors.points(["麻烦", "了"])
    assert np.allclose(vectors.points(["麻烦了"])[0], (2 * parts[0] + parts[1]) / 3, atol=1e-6)
    assert not nothing.any()
    assert unknown.shape == (vectors.WIDTH,)
    assert vectors.points([]).shape == (0, vectors.WIDTH)


def test_a_text_stands_where_it_stands_whoever_stands_beside_it() -> None:
    texts = ["柜员态度很好", "", "\u2003", "还款日记错了，被收了违约金", "龘龘龘提额"]
    tokens = [WORDS.tokens(text) for text in texts]
    together = meanings(tokens)
    assert together.shape == (5, COLUMNS)
    assert np.allclose(together, np.vstack([meanings([pieces]) for pieces in tokens]), atol=1e-6)
    assert not together[1:3].any()
    assert np.allclose(np.linalg.norm(together[[0, 3, 4]], axis=1), 1)
    assert meanings([]).shape == (0, COLUMNS)


def test_texts_about_the_same_thing_stand_near_each_other_without_a_word_in_common() -> None:
    annoyed, cross, rate = meanings([WORDS.tokens(text) for text in ("真麻烦", "太困难", "利率上调")])
    assert annoyed @ cross > annoyed @ rate + 0.2


def test_a_model_is_refused_where_the_table_that_it_learned_with_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["排队太久", "没人理我", "乱收费用", "态度恶劣", "服务周到", "办得很快", "值得表扬", "非常方便"]
    tokens = [WORDS.tokens(text) for text in texts]
    model = training.train(texts, tokens, ["negative"] * 4 + ["positive"] * 4, task="sentiment")
    written = model.dumps()
    told = Classifier.loads(written).probabilities(texts, tokens)
    assert np.array_equal(told, model.probabilities(texts, tokens))
    monkeypatch.setattr(vectors, "version", lambda: "of another release")
    with pytest.raises(ValueError, match="other vectors of words: train it again"):
        Classifier.loads(written)
