"""App reviews and social media from file to page: reach without double voices, names, replies, bursts, erasure."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import erasing, importing
from huixiang.apps.feedback.accounts import account
from huixiang.apps.feedback.models import Import
from huixiang.apps.reputation import actions, app_reviews, bursts, names, social
from huixiang.apps.reputation.models import Burst, NameBook, ReviewWatch
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import pseudonym
from huixiang.lake import questions
from huixiang.lake.questions import PostSlice, Slice
from huixiang.lake.store import Lake
from huixiang.web import cli
from tests import make
from tests.apps.api import caller
from tests.apps.arrivals import Silent, begin
from tests.make import Bank

pytestmark = pytest.mark.one_database

OWN = '[[bank]]\ncode = "own"\ntitle = "海川银行"\nown = true\nnames = ["海川银行"]\n'
RIVAL = '[[bank]]\ncode = "ccb"\ntitle = "建设银行"\nnames = ["建设银行", "建行"]\n'
WHOLE = PostSlice()


def post(id_: str, text: str, parent: str = "", **more: Any) -> dict[str, Any]:
    told = {"微博ID": id_, "平台": "微博", "内容": text, "原微博ID": parent, "发布时间": "2026-03-01 10:00:00"}
    return told | {"用户ID": f"u{id_}9", "粉丝数": 100, "转发数": 0, "点赞数": "1.2万", "链接": ""} | more


POSTS = [
    post("1001", "海川银行的App又登不上去了", 转发数=5, 链接="https://weibo.com/1234567890/Nab?from=share"),
    post("1002", "转发微博", "1001"),
    post("1003", "我也遇到过，等了一小时//@某人:转发微博", "1002"),
    post("1004", "//@某某:转发微博", "1003", 用户ID="u77"),
    post("2001", "建行的App天天崩，客服态度太差"),
    post("2002", "海川银行还不如建行快"),
]


def came(path: Path, form: str, by: Staff | None = None, mapping: str = "") -> Import:
    imported = begin(path, by, form=form, mapping=mapping)
    importing.run(Silent(), str(imported.pk))
    return Import.objects.get(pk=imported.pk)


def exported(folder: Path, posts: list[dict[str, Any]], name: str = "posts.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in posts), "utf-8")
    return path


@pytest.fixture
def spoken(tmp_path: Path, bank: Bank, lake: Lake) -> Import:
    NameBook.objects.create(text=OWN + RIVAL)
    return came(exported(tmp_path, POSTS), "jsonl", mapping="social-posts")


def test_one_original_is_one_voice_and_its_reach_is_kept(spoken: Import, lake: Lake) -> None:
    assert account(spoken).new == 6
    (everything,) = questions.spread(lake, WHOLE)
    assert (everything.originals, everything.commented, everything.passed_on) == (3, 1, 2)
    assert questions.count(lake, WHOLE.voices) == 4  # two were passed on without a word
    (chain,) = questions.chains(lake, WHOLE)
    reach = chain.reach
    assert (reach.reposts, reach.caught, reach.own_words, reach.depth, reach.authors) == (5, 3, 1, 3, 4)
    assert reach.followers == 400
    assert chain.url == "https://m.weibo.cn/status/Nab"  # without the author's number
    said = questions.page(lake, WHOLE.voices).voices
    assert "我也遇到过，等了一小时" in [each.text for each in said]  # what others said before is theirs


def test_a_rivals_trouble_is_no_complaint_against_this_bank(spoken: Import, lake: Lake, quality: Staff) -> None:
    assert questions.count(lake, Slice()) == 3
    assert questions.count(lake, Slice(rivals=True)) == 4
    assert questions.count(lake, Slice(import_id=str(spoken.pk))) == 4  # an import's account agrees with its list
    assert (questions.on_rivals(lake, Slice()), questions.passed_on(lake, str(spoken.pk))) == (1, 2)  # and pages say so
    reader = make.client(quality)
    account_page = reader.get(f"/imports/{spoken.pk}/").content.decode()
    assert "其中 2 条只是转发" in account_page
    assert "其中 1 条只说他行" in account_page
    for place in ("/overview/?all=1", "/voices/count/?all=1"):
        assert "另有 1 条只说他行，未计入" in reader.get(place).content.decode()
    assert caller(quality).get("/overview").json()["rival_count"] == 1
    found = social.measures(lake, names.in_force(), WHOLE)
    told = {line.code: (line.voices, line.of, line.alone, line.negative) for line in found.banks}
    assert told["own"][:3] == (2, 3, 1)
    assert told["ccb"][:3] == (2, 3, 1)
    assert (found.own, found.rivals, found.named) == (3, 1, 3)


def test_the_same_export_again_is_the_same_and_newer_counts_are_a_change(
    spoken: Import, tmp_path: Path, lake: Lake
) -> None:
    again = account(came(exported(tmp_path, POSTS, "again.jsonl"), "jsonl", mapping="social-posts"))
    assert (again.new, again.same, again.changed) == (0, 6, 0)
    newer = [POSTS[0] | {"转发数": 80}, POSTS[1] | {"粉丝数": 900}, *POSTS[2:]]
    changed = account(came(exported(tmp_path, newer, "newer.jsonl"), "jsonl", mapping="social-posts"))
    assert (changed.new, changed.same, changed.changed) == (0, 4, 2)
    (chain,) = questions.chains(lake, WHOLE)
    assert (chain.reach.reposts, chain.reach.followers) == (80, 1200)
    assert questions.count(lake, WHOLE.voices) == 4


def test_a_repost_that_came_in_as_a_voice_before_is_none_any_more(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    plain = 'format = "jsonl"\nchannel = "social"\nseries = "微博"\n[columns]\nsource_id = "微博ID"\ntext = "内容"\n'
    came(exported(tmp_path, POSTS), "jsonl", mapping=plain)
    assert questions.count(lake, Slice(rivals=True)) == 6
    changed = account(came(exported(tmp_path, POSTS, "again.jsonl"), "jsonl", mapping="social-posts"))
    assert (changed.new, changed.changed) == (0, 6)
    assert questions.count(lake, Slice(rivals=True)) == 4


def test_other_names_mark_what_is_there_anew(spoken: Import, lake: Lake, quality: Staff) -> None:
    with pytest.raises(Fault, match="TOML"):
        actions.write_names("[[bank", "", by=quality)
    made = actions.write_names(RIVAL.replace("names", "own = true\nnames"), "本行是建行", by=quality)
    assert made.job is not None
    from huixiang.apps.access import jobs

    jobs.perform.func(str(made.job_id))
    assert Job.objects.get(pk=made.job_id).state == "done"
    assert questions.count(lake, Slice()) == 4
    assert actions.write_names(made.text, "", by=quality) == made  # the same text is no new edition
    assert AuditRecord.objects.filter(verb="names.write").count() == 1


def test_who_asks_to_be_forgotten_is_forgotten_in_what_he_passed_on(spoken: Import, lake: Lake, quality: Staff) -> None:
    from django.conf import settings

    of = pseudonym("u77", settings.MASKING_KEY.encode())
    assert len(questions.said_by(lake, of)) == 1
    erasure = feedback.erase_customer(of, "客户来信", by=quality)
    erasing.carry_out(erasure)
    assert questions.spread(lake, WHOLE)[0].passed_on == 1
    assert not questions.said_by(lake, of)


def test_who_wrote_in_public_is_a_pseudonym_alone(tmp_path: Path, bank: Bank, lake: Lake, quality: Staff) -> None:
    from django.conf import settings

    others = {
        "原微博正文": "别人的原话",
        "retweeted_status.user.screen_name": "别人",
        "用户主页": "https://weibo.com/u/19",
    }
    told = post("3001", "柜台等了一小时//@别人:别人的原话", "1001", 用户昵称="爱吃鱼的猫", **others)
    nameless = {name: value for name, value in post("3002", "网点停车方便").items() if name != "用户ID"}
    unread = nameless | {"微博ID": "3003", "发布时间": "哪天", "用户昵称": "爱吃鱼的猫"}
    lines = [told, nameless | {"用户昵称": "爱吃鱼的猫"}, unread]
    imported = came(exported(tmp_path, lines), "jsonl", mapping="social-posts")
    for table in ("voices", "posts"):
        kept = str(lake.fetch(f'SELECT * FROM "{lake.view(table)}"').to_pylist())
        assert not [word for word in ("爱吃鱼的猫", "别人", "weibo.com/u/") if word in kept]
    of = pseudonym("@爱吃鱼的猫", settings.MASKING_KEY.encode())
    erasing.carry_out(feedback.erase_customer(of, "来信要求", by=quality))
    assert questions.count(lake, WHOLE.voices) == 1  # what he wrote under his number is known by it
    assert imported.quarantine.get().state == "erased"


def reviews(folder: Path, count: int = 40) -> Path:
    lines = ["评论ID,应用市场,用户昵称,评分,评论标题,评论内容,评论时间,版本号,回复内容,回复时间"]
    for n in range(count):
        reply = f"您好,2026年03月{1 + n // 2:02d}日 {9 + n % 3}:00" if n % 4 == 0 else ","
        said = "登录之后一直转圈进不去，请尽快修复这个问题吧" if n in (5, 6, 7) else f"转账{n}次失败"
        lines.append(
            f"A{n},华为应用市场,机友,{1 + n % 5}星,,{said},2026年03月{1 + n // 2:02d}日 08:00,8.{n // 20}.0,{reply}"
        )
    path = folder / "评论.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def test_stars_answers_and_copies_of_reviews(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    came(reviews(tmp_path), "android-reviews")
    found = app_reviews.measures(lake, Slice(None, ("app_review",)))
    assert found.total is not None
    assert (found.total.stars.of, found.total.low, found.total.stars.copied) == (40, 16, 2)
    assert [line.stars.key for line in found.by_version] == ["8.1.0", "8.0.0"]
    assert found.answered is not None
    answered = found.answered.answers
    assert (answered.answered, answered.timed, answered.in_a_day) == (10, 10, 10)
    (copied,) = found.copies
    assert copied.copies == 2
    once = app_reviews.measures(lake, Slice(None, ("app_review",)), copied=False)
    assert once.total is not None
    assert once.total.stars.of == 38  # told, and left out where asked; never deleted
    assert questions.count(lake, Slice()) == 40


def test_nights_without_a_past_raise_no_alarm_and_are_not_asked_twice(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    came(reviews(tmp_path), "android-reviews")
    now = datetime(2026, 3, 25, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert bursts.watch_reviews(now) == 0
    assert bursts.watch_reviews(now) == 0
    assert ReviewWatch.objects.count() == 1
    assert not Burst.objects.exists()


def test_pages_api_and_commands_tell_the_same_within_ones_reach(
    spoken: Import,
    tmp_path: Path,
    lake: Lake,
    quality: Staff,
    manager: Staff,
    client: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    came(reviews(tmp_path), "android-reviews")
    client.force_login(quality)
    (her,) = [each for each in questions.page(lake, WHOLE.voices).voices if each.text.startswith("海川银行的App")]
    page = client.get(reverse("voice", args=[her.id])).content.decode()
    assert "https://m.weibo.cn/status/Nab" in page
    assert "1234567890" not in page
    for name in ("reviews", "social", "social_names"):
        assert client.get(reverse(name)).status_code == 200
    assert "传播最广的原帖" in client.get(reverse("social")).content.decode()
    export = b"".join(client.get(reverse("social_export")).streaming_content).decode()
    assert "只说他行" in export
    assert caller(quality).get("/social").json()["rival_count"] == 1
    assert caller(quality).get("/reviews").json()["total"]["review_count"] == 40
    assert caller(quality).get("/reviews/bursts").json()["items"] == []
    assert cli.main(["social", "--csv"]) == 0
    assert capsys.readouterr().out.replace("\r", "") == export.replace("\r", "")
    tried = client.post(reverse("social_names"), {"try": "1", "sentence": "建行为什么慢"}).content.decode()
    assert "只说他行：不计入本行" in tried
    client.force_login(manager)  # of a branch: app stores and posts without a unit are the whole bank's
    assert "还没有应用商店的评论" in client.get(reverse("reviews")).content.decode()
    assert client.get(reverse("social_names")).status_code == 404
    assert caller(manager).get("/social").json()["own_count"] == 0
