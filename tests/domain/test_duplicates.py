"""Who says the same is found, by every process alike; who says something else is not."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from huixiang.domain.understanding.duplicates import BANDS, SHORT, Copies, alike, bands, bands_of

TEXTS = st.text("打不开闪退登录转账很好用方便快捷，。!", max_size=40)
LONG = "更新之后手机银行一直打不开,重新下载也没有用,客服电话打不通"


@given(TEXTS)
def test_a_text_is_like_itself_and_files_under_the_same_keys(text: str) -> None:
    assert alike(text, text) == bool(text)
    assert bands(text) == bands("".join(list(text)))
    assert len(bands(text)) == (0 if not text else BANDS if len(text) >= SHORT else 1)
    assert all(-(2**63) <= key < 2**63 for key in bands(text))


@given(st.lists(TEXTS, max_size=20))
def test_a_batch_files_as_each_text_alone(texts: list[str]) -> None:
    assert bands_of(texts) == [bands(text) for text in texts]


@given(TEXTS, TEXTS)
def test_alike_works_both_ways(a: str, b: str) -> None:
    assert alike(a, b) == alike(b, a)


def test_short_texts_are_alike_only_when_equal() -> None:
    assert not alike("很好用", "不好用")
    assert not alike("非常好用啊啊", "非常好用啊啊啊")
    assert alike("很好用", "很好用")


def test_a_changed_word_in_a_long_text_is_the_same_voice() -> None:
    assert alike(LONG, LONG + "!!")
    assert not alike(LONG, "大堂经理很热情,帮我很快办好了业务,下次还来这个网点")


@settings(max_examples=300)
@given(
    st.text("打不开闪退登录转账很好用方便快捷客服排队网点", min_size=20, max_size=60),
    st.integers(0, 19),
    st.sampled_from("啊!的"),
)
def test_texts_alike_nearly_always_share_a_band(text: str, place: int, char: str) -> None:
    other = text[:place] + char + text[place:]
    shared = set(bands(text)) & set(bands(other))
    pairs = [{*map("".join, pairwise(t))} for t in (text, other)]
    if len(pairs[0] & pairs[1]) / len(pairs[0] | pairs[1]) >= 0.97:  # below, MinHash may miss one in many thousands
        assert shared


def test_the_keys_are_those_of_every_machine() -> None:
    # Stored with every voice: were they to change, no later voice would find an earlier one.
    assert bands("手机银行打不开了怎么办")[:2] == (7341880408240291552, -576992696788173590)
    assert bands("好") == (3271390843595481085,)
    code = f"from huixiang.domain.understanding.duplicates import bands; print(bands({LONG!r}))"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert other.stdout.strip() == str(bands(LONG))


def test_the_first_that_said_it_is_named() -> None:
    copies: Copies[int] = Copies()
    for key, text in enumerate([LONG, "好", LONG + "。", "很好用的手机银行推荐大家"], start=1):
        assert copies.first_like(text, bands(text)) == (1 if key == 3 else None)
        if key != 3:
            copies.add(key, text, bands(text))
    assert copies.first_like("好", bands("好")) == 2
    assert copies.first_like("", bands("")) is None
