"""Do the reading pages count, link and show what they say they do?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huixiang.lake import questions
from huixiang.lake.questions import Slice
from tests import make
from tests.apps.arrivals import spoken
from tests.browser import voices as made

pytestmark = pytest.mark.one_database


@pytest.fixture
def heard(bank: make.Bank, lake: Any) -> Any:
    """Thirty dated voices, ten of them of no unit and twelve more of unknown date."""
    today = timezone.localdate()
    units = [{"branch": "N11"}, {"branch": "S11"}, {}]
    said = [made.record(n, f"排队太久第{n}次", today - timedelta(days=n % 9), **units[n % 3]) for n in range(30)]
    made.fill(lake, [*said, *made.undated(12)])
    return lake


def counted(browser: Client, query: str) -> str:
    return browser.get(f"{reverse('voices_count')}?{query}").content.decode()


def test_a_period_leaves_out_what_nobody_knows_the_date_of_and_says_so(heard: Any, quality: Any) -> None:
    browser, today = make.client(quality), timezone.localdate()
    page = browser.get(reverse("overview"))
    assert [page.context[name] for name in ("all_voices", "unknown", "left_out")] == [30, 0, 12]
    assert "未注明时间 12 条，未计入" in page.content.decode()
    by_channel = page.context["comparisons"][1]
    assert sum(line.total for line, _ in by_channel.rows) == 30, "tile and comparison count the same"
    assert "<strong>30</strong>" in counted(browser, f"since={today - timedelta(days=30)}")
    assert "未注明时间 12 条，未计入" in counted(browser, f"since={today - timedelta(days=30)}")
    everything = browser.get(f"{reverse('overview')}?all=1")
    assert [everything.context[name] for name in ("all_voices", "unknown", "left_out")] == [42, 12, 0]
    assert "<strong>42</strong>" in counted(browser, "")


def test_a_bank_that_knows_no_dates_sees_all_its_voices_at_once(bank: make.Bank, lake: Any, quality: Any) -> None:
    made.fill(lake, made.undated(12))
    page = make.client(quality).get(reverse("overview"))
    assert [page.context[name] for name in ("all_voices", "left_out")] == [12, 0]


def test_each_line_of_a_comparison_leads_to_as_many_voices(heard: Any, quality: Any) -> None:
    browser = make.client(quality)
    for part in browser.get(reverse("overview")).context["comparisons"]:
        for line, href in part.rows:
            assert f"<strong>{line.total}</strong>" in counted(browser, href.partition("?")[2]), line.name


def test_who_may_not_read_voices_gets_no_link_to_them(heard: Any, clerk: Any) -> None:
    page = make.client(clerk).get(reverse("overview")).content.decode()
    assert reverse("voices") not in page


def test_who_may_not_import_is_not_invited_to(bank: make.Bank, lake: Any, auditor: Any, manager: Any) -> None:
    for person in (auditor, manager):
        browser = make.client(person)
        for page in ("overview", "voices", "imports"):
            shown = browser.get(reverse(page)).content.decode()
            assert reverse("import_new") not in shown
            assert "上传应用市场评论" not in shown


def test_back_from_a_voice_to_the_list_one_came_from(heard: Any, quality: Any) -> None:
    browser = make.client(quality)
    query = "q=%E6%8E%92%E9%98%9F&branch=N"
    listed = browser.get(f"{reverse('voices')}?{query}")
    voice = listed.context["found"].voices[0]
    there = f"{reverse('voice', args=[voice.id])}?{query}"
    assert there.replace("&", "&amp;") in listed.content.decode()
    assert f"{reverse('voices')}?{query}".replace("&", "&amp;") in browser.get(there).content.decode()


def test_a_word_said_sixty_times_is_shown_once(bank: make.Bank, lake: Any, quality: Any) -> None:
    text = "差评" + "闪退" * 60 + "，太差了" + "啊" * 20
    made.fill(lake, [made.record(1, text, timezone.localdate())])
    shown = make.client(quality).get(reverse("overview")).content.decode()
    assert "闪退…×60" in shown
    assert "啊…×20" in shown
    (voice,) = spoken(lake)
    assert "闪退" * 60 in make.client(quality).get(reverse("voice", args=[voice.id])).content.decode()


def test_what_was_found_is_shown_with_its_words_and_leads_to_the_like(bank: make.Bank, lake: Any, quality: Any) -> None:
    said = ("再不解决我就向银保监会投诉！手续费乱收", "今天天气")
    made.fill(lake, [made.record(number, text, timezone.localdate()) for number, text in enumerate(said)])
    browser = make.client(quality)
    threat, weather = sorted(spoken(lake), key=lambda voice: not voice.risks)
    assert threat.risks == ("regulator",)
    shown = browser.get(reverse("voice", args=[threat.id])).content.decode()
    for words in ("监管", "<q>手续费</q>", "定价"):
        assert words in shown
    assert "系统不知道它说的是什么" in browser.get(reverse("voice", args=[weather.id])).content.decode()
    for choice in ("risk=~any", "risk=regulator", f"topic={threat.topics[0]}", f"kind={threat.kind}"):
        listed = browser.get(f"{reverse('voices')}?{choice}").context["found"].voices
        assert [voice.id for voice in listed] == [threat.id], choice


def test_similar_is_what_shares_a_good_part_and_not_a_few_common_words(lake: Any) -> None:
    today = timezone.localdate()
    long = "手机银行登录时人脸识别失败，短信验证码收不到，转账页面闪退，客服电话占线，感觉还可以改进"
    made.fill(
        lake,
        [
            made.record(1, long, today),
            made.record(2, "手机银行转账还可以还可以", today),
            made.record(3, "手机银行人脸识别失败，验证码收不到，转账闪退", today),
        ],
    )
    voices = {voice.source_id: voice for voice in spoken(lake)}
    assert [shown.id for shown in questions.similar(lake, voices["v1"], Slice())] == [voices["v3"].id]
