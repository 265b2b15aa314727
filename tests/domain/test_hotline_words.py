"""Is what an agent says found, and only what she says as her own? On traps, and on the made-up bank's scripts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from typing import Any

import pytest

from huixiang.domain.inspections.wording import judge, spans
from huixiang.domain.standards.linting import Fails, Known, lint
from huixiang.domain.standards.reading import read
from huixiang.domain.standards.saying import BadStandard
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.values import Phrase, Wording
from huixiang.domain.standards.writing import write

SET = {each.code: each for each in starter_set()}
MUST = SET["hotline-words"].wording or Wording()
NEVER = SET["hotline-forbidden"].wording or Wording()
PASSING = Phrase("推诿", "Passing on", ("不归我管", "不知道"), ("不知道您", "知道不知道"))


@pytest.mark.parametrize(
    "text",
    [
        "这不归我管。",
        "不 归，我管！",
        "我跟您说，这不归我管。",
        "您说的这个不归我管",
        "我不知道，你问别人吧",
        "这事不归我管，您说呢",
        "不归我管，请不要再打了",
    ],
)
def test_what_the_agent_says_as_her_own_is_found(text: str) -> None:
    assert spans(text, PASSING)


@pytest.mark.parametrize(
    "text",
    [
        "您刚才说不归我管，我记下了。", "他跟我说，不归我管。", "我们绝不会跟客户说不归我管", "请不要说“不归我管”",
        "规定写着「不归我管」是禁语", "不知道您方便吗", "您知道不知道密码", "没有说过不知道", "客户反映说不知道怎么办",
    ],
)  # fmt: skip
def test_what_is_quoted_told_denied_or_excepted_is_not(text: str) -> None:
    assert not spans(text, PASSING)


def test_what_must_be_said_counts_where_it_belongs() -> None:
    greeting, closing = "您好，很高兴为您服务，请问有什么可以帮您？", "感谢来电，祝您生活愉快。"
    judged = judge([greeting, "好的", "查到了", "已为您办好", closing], MUST)
    assert judged is not None
    assert not judged.missing
    late = judge(["喂", "好的", greeting, "已为您办好", "不用感谢来电"], MUST)
    assert late is not None
    assert [each.name for each in late.missing] == ["问候", "询问需求", "致谢道别"]
    assert judge([greeting], MUST) is None


def script(name: str) -> Any:
    folder = files("huixiang.simulation") / "speech/data/ways"
    return tomllib.loads((folder / name).read_text("utf-8"))


def texts(found: Any) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for name, inner in found.items():
            yield from texts(inner) if name != "forbidden" else ()
    elif isinstance(found, list):
        for inner in found:
            yield from texts(inner)


def test_the_starter_lists_tell_the_made_up_banks_scripts_apart() -> None:
    def forbidden(text: str) -> bool:
        return any(spans(text, phrase) for phrase in NEVER.forbidden)

    dialogue = script("dialogue.toml")
    assert all(map(forbidden, dialogue["forbidden"]["lines"]))
    others = [text for name in ("dialogue.toml", "calls.toml", "intake.toml") for text in texts(script(name))]
    assert len(others) > 1_000
    assert not [text for text in others if forbidden(text)]
    for opening, ending in product(("required", "plain"), repeat=2):
        for first, last in product(dialogue["greeting"][opening], dialogue["closing"][ending]):
            judged = judge([first, "好的，", "查到了", last], MUST)
            assert judged is not None
            assert (not judged.missing) == (opening == ending == "required"), (first, last)


def test_words_go_through_file_and_lint() -> None:
    for standard in (SET["hotline-words"], SET["hotline-forbidden"]):
        assert read(write(standard)) == standard
    with pytest.raises(BadStandard, match="any_of"):
        read(write(SET["hotline-words"]).replace('["您好", ', '["好", '))
    with pytest.raises(BadStandard, match=r"\[\[words"):
        read(write(SET["looks"]) + "\n[words]\n")
    bare = read(write(SET["hotline-words"]).partition("\n[[words")[0] + "\n")
    known = Known({"words.must_say"}, lambda owner: True)
    assert [each.fails for each in lint([bare], bare.effective_from, known)][:1] == [Fails.UNMEASURABLE]


def test_a_line_may_ask_yes_or_no_and_say_what_to_look_at() -> None:
    text = write(SET["looks"]).replace("photo = true", 'photo = true\nscale = "yes_no"\nhint = "看左胸"', 1)
    standard = read(text)
    assert write(standard) == text
