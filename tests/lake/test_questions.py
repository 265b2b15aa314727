"""Does every question answer what reading all voices one by one would answer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huixiang.lake import questions
from huixiang.lake.kept import Kept
from huixiang.lake.questions import AnyOf, Cursor, Evidence, Rule, Slice, Words, paging, portraits
from huixiang.lake.questions.by_month import ByMonth
from huixiang.lake.store import Lake
from huixiang.lake.traces import traces
from tests.lake.voices import CHARACTERS, row, some, table

ROWS = some(400)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    for batch in range(4):  # several files a month, as after several imports
        lake.append_once("voices", table(ROWS[batch * 100 : (batch + 1) * 100]), writer="import", batch=batch + 1)
    return lake


def test_how_a_need_stands_is_told_as_of_now_and_only_changed_months_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, asked, told = Lake(tmp_path), Evidence((Rule((AnyOf(("C.service", "C.pricing")),)),)), list[str]()
    fetch = Lake.fetch
    monkeypatch.setattr(Lake, "fetch", lambda lake, sql, **tables: told.append(sql) or fetch(lake, sql, **tables))

    def read() -> int:
        """How many months were read for it?"""
        told.clear()
        found = questions.portrait(lake, Slice(), asked, ("fraud",))
        months = [month for month in lake.months("voices") if any(f"'{month}'" in sql for sql in told)]
        count = len(months) if months or not told else len(lake.months("voices"))
        with monkeypatch.context() as forgotten:
            _forget(forgotten)
            forgotten.setattr(lake, "kept", Kept(tmp_path / "nothing"))
            assert found == questions.portrait(lake, Slice(), asked, ("fraud",)), "as who never asked before"
        return count

    lake.append_once("voices", table(ROWS[:120]), writer="import", batch=1)
    months = lake.months("voices")
    assert (read(), read()) == (len(months), 0)
    lake.append_once("voices", table([row(900, month=months[-1], topics=["C.pricing"])]), writer="import", batch=2)
    assert read() == 1
    lake.set_columns("voices", ROWS[0]["id"], {"topics": ["C.service"], "version": 2})
    assert read() == 1
    lake.erase([ROWS[1]["id"], ROWS[2]["id"]])
    assert 0 < read() <= len(months)


def _forget(forgotten: pytest.MonkeyPatch) -> None:
    """As another process, or this one after a restart: nothing is known but what lies on the disk."""
    forgotten.setattr(portraits, "_ALL", ByMonth(most=100))
    forgotten.setattr(portraits._MINE, "_near", ByMonth(most=100))


def test_what_was_counted_for_a_need_serves_every_reader_and_goes_with_what_is_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, asked = Lake(tmp_path), Evidence((Rule((AnyOf(terms=("银行",)),)),))
    lake.append_once("voices", table(ROWS[:200]), writer="import", batch=1)
    told: list[str] = []
    fetch = Lake.fetch
    monkeypatch.setattr(Lake, "fetch", lambda lake, sql, **tables: told.append(sql) or fetch(lake, sql, **tables))
    assert any(part.mine for part in questions.portrait(lake, Slice(), asked, ()))
    for reach in (Slice(branches=frozenset({"N11", ""})), Slice(since=date(2026, 1, 20), until=date(2026, 3, 3))):
        told.clear()
        _forget(monkeypatch)
        found, units = questions.portrait(lake, reach, asked, ()), questions.by_branch(lake, reach, asked, ())
        assert not any("searchable" in sql for sql in told), "no text is read twice"
        heard = [v for v in ROWS[:200] if "银行" in v["searchable"] and _within(v, reach)]
        assert sum(part.mine for part in found) == sum(unit.mine for unit in units) == len(heard)
    for file in (tmp_path / ".kept").rglob("*.arrow"):  # half written when the power failed
        file.write_bytes(file.read_bytes()[:-3])
    _forget(monkeypatch)
    told.clear()
    before = questions.portrait(lake, Slice(), asked, ())
    assert any("searchable" in sql for sql in told), "then it is counted anew"
    gone = next(v["id"] for v in ROWS[:200] if "银行" in v["searchable"])
    folders = set((tmp_path / ".kept" / "voices").iterdir())
    lake.erase([gone])
    assert set((tmp_path / ".kept" / "voices").iterdir()) < folders
    assert not traces(lake, [gone])
    left = questions.portrait(lake, Slice(), asked, ())
    assert sum(part.mine for part in left) == sum(part.mine for part in before) - 1
    next((tmp_path / ".kept" / "voices").iterdir()).rename(tmp_path / ".kept" / "voices" / "of former files")
    assert traces(lake, [gone]), "the certificate looks there too"


def _within(voice: dict[str, Any], s: Slice) -> bool:
    inside = s.branches is None or (voice["branch"] or "") in s.branches
    return inside and (s.since or date.min) <= voice["said_on"] <= (s.until or date.max)


days = st.none() | st.dates(date(2025, 12, 25), date(2026, 5, 10))
slices = st.builds(
    Slice,
    branches=st.none() | st.frozensets(st.sampled_from(["N11", "N12", "S11", "elsewhere"])),
    channels=st.sampled_from([(), ("website",), ("website", "app_review")]),
    since=days,
    until=days,
    sentiments=st.sampled_from([(), ("negative",), ("positive", "neutral")]),
    products=st.sampled_from([(), ("手机银行",)]),
    versions=st.sampled_from([(), ("8.2",)]),
    query=st.lists(st.text(CHARACTERS.replace(" ", ""), max_size=2), max_size=3).map(" ".join),
    copies=st.booleans(),
    dated=st.sampled_from([None, True, False]),
    kinds=st.sampled_from([(), ("praise",)]),
    topics=st.sampled_from([(), ("C.service", "C.pricing")]),
    risks=st.sampled_from([(), (), ("fraud",)]),
)


def one_by_one(s: Slice) -> list[dict[str, Any]]:
    tests: list[Callable[[dict[str, Any]], bool]] = [
        lambda v: s.branches is None or v["branch"] in s.branches,
        lambda v: not s.channels or v["channel"] in s.channels,
        lambda v: s.since is None or v["said_on"] >= s.since,
        lambda v: s.until is None or v["said_on"] <= s.until,
        lambda v: not s.sentiments or v["sentiment"] in s.sentiments,
        lambda v: not s.products or v["product"] in s.products,
        lambda v: not s.versions or v["product_version"] in s.versions,
        lambda v: all(term in v["searchable"] for term in s.query.split()),
        lambda v: not s.kinds or v["kind"] in s.kinds,
        lambda v: not s.topics or bool({*s.topics} & {*v["topics"]}),
        lambda v: not s.risks or bool({*s.risks} & {*v["risks"]}),
        lambda v: s.dated is None or s.dated == (v["said_precision"] != "unknown"),
    ]
    chosen = [v for v in ROWS if all(test(v) for test in tests)]
    if s.copies:
        return chosen
    families: dict[str, dict[str, Any]] = {}
    for v in sorted(chosen, key=lambda v: (v["duplicate_of"] is not None, v["said_at"], v["id"])):
        families.setdefault(v["duplicate_of"] or v["id"], v)
    return [v for v in chosen if families[v["duplicate_of"] or v["id"]] is v]


@settings(max_examples=25, deadline=None)
@given(s=slices)
def test_every_slice_holds_exactly_its_voices(full: Lake, s: Slice) -> None:
    wanted = one_by_one(s)
    newest_first = sorted(wanted, key=lambda v: (v["said_at"], v["id"]), reverse=True)
    page = questions.page(full, s, size=30)
    assert [(shown.id, shown.text) for shown in page.voices] == [(v["id"], v["text"]) for v in newest_first[:30]]
    assert (page.next is None) == (len(wanted) <= 30)
    assert questions.count(full, s) == len(wanted)
    assert sorted(voice.id for voice in questions.stream(full, s)) == sorted(v["id"] for v in wanted)


@settings(max_examples=15, deadline=None)
@given(s=slices)
def test_every_reduction_agrees_with_counting_by_hand(full: Lake, s: Slice) -> None:
    wanted = one_by_one(s)
    by_month = Counter((v["said_on"].replace(day=1), v["sentiment"]) for v in wanted)
    assert {(c.key, label): getattr(c, label) for c in questions.volume(full, s) for label in _labels(c)} == by_month
    by_branch = Counter((v["branch"] or "", v["sentiment"]) for v in wanted)
    found = questions.shares(full, s, "branch")
    assert {(c.key, label): getattr(c, label) for c in found for label in _labels(c)} == by_branch
    by_topic = Counter((topic, v["sentiment"]) for v in wanted for topic in v["topics"])
    found = questions.mentions(full, s, "topics")
    assert {(c.key, label): getattr(c, label) for c in found for label in _labels(c)} == by_topic
    of_rates = sum("利率\tnegative" in v["aspects"] for v in wanted)
    assert questions.aspects(full, s) == ((questions.Count("利率", of_rates, 0, 0),) if of_rates >= 3 else ())
    rated = [v["rating"] for v in wanted if v["rating"] is not None]
    ratings = questions.ratings(full, s)
    assert ratings.of == len(rated)
    assert ratings.mean == (pytest.approx(mean(rated)) if rated else None)
    said = [v["said_on"] for v in wanted]
    assert questions.span(full, s) == ((min(said), max(said)) if said else None)


def _labels(count: questions.Count) -> list[str]:
    return [label for label in ("negative", "neutral", "positive") if getattr(count, label)]


def test_words_are_counted_once_a_voice(full: Lake) -> None:
    negative = [v for v in ROWS if v["sentiment"] == "negative"]
    wanted = Counter(word for v in negative for word in set(v["words"]))
    found = questions.words(full, Slice(), "negative")
    assert found == Words(len(negative), {word: n for word, n in wanted.items() if n > 1})
    rare = next(word for word, n in wanted.items() if n == 1)
    assert questions.words(full, Slice(), "negative", only=[rare, "没人说过"]).counts == {rare: 1}


def test_page_after_page_shows_every_voice_once(full: Lake) -> None:
    seen: list[str] = []
    page = questions.page(full, Slice(), size=70)
    while True:
        seen += [voice.id for voice in page.voices]
        if page.next is None:
            break
        page = questions.page(full, Slice(), before=Cursor.parse(page.next.text()), size=70)
    assert len(seen) == len(set(seen)) == len(ROWS)


def test_a_cursor_that_nobody_gave_is_refused() -> None:
    for text in (
        "",
        "x",
        "20260101T000000.000000-short",
        "20261301T000000.000000-" + "a" * 24,
        "99991231T235959.000000-" + "a" * 24,
    ):
        with pytest.raises(ValueError):  # noqa: PT011  # strptime words some of them itself
            Cursor.parse(text)


def test_a_voice_is_found_with_all_that_is_known_of_it(full: Lake) -> None:
    wanted = ROWS[17]
    found = questions.voice(full, wanted["id"])
    assert found is not None
    assert (found.text, found.said_at, found.words) == (wanted["text"], wanted["said_at"], tuple(wanted["words"]))
    assert questions.voice(full, "0" * 24) is None


def test_similar_voices_are_copies_first_then_those_that_share_words(tmp_path: Any) -> None:
    lake = Lake(tmp_path)
    words = ["登录", "打不开", "更新"]
    rows = [
        row(0, words=words, phrases=["登录 打不开"], duplicate_of=None),
        row(1, words=words, phrases=["登录 打不开"], duplicate_of=row(0)["id"]),
        row(2, words=["登录", "很快"], phrases=[], duplicate_of=None),
        row(3, words=["登录", "打不开"], phrases=["登录 打不开"], duplicate_of=None),
        row(4, words=["排队"], phrases=[], duplicate_of=None),
    ]
    lake.append_once("voices", table(rows), writer="import", batch=1)
    first = questions.voice(lake, rows[0]["id"])
    assert first is not None
    assert [v.id for v in questions.similar(lake, first, Slice())] == [rows[1]["id"], rows[3]["id"]]


def test_an_empty_lake_answers_every_question(tmp_path: Any) -> None:
    lake = Lake(tmp_path / "nothing")
    assert questions.page(lake, Slice(query="贷")).voices == []
    assert questions.count(lake, Slice()) == 0
    assert questions.volume(lake, Slice(), by="day") == questions.shares(lake, Slice(), "channel") == ()
    assert questions.words(lake, Slice(), "negative") == Words(0, {})
    assert questions.worst(lake, Slice()) == []
    assert questions.span(lake, Slice()) is questions.voice(lake, "0" * 24) is None
    assert questions.ratings(lake, Slice()).interval is None
    assert questions.known(lake, ["x"]) == {}
    assert questions.lookalikes(lake, {"x": [1]}) == questions.lookalikes(lake, {}) == {}


def test_a_new_record_finds_the_voices_that_may_say_the_same(full: Lake) -> None:
    first = next(v for v in ROWS if v["duplicate_of"] is None)
    found = questions.lookalikes(full, {"new": [first["bands"][1], 7], "other": [7]})
    assert [each.id for each in found["new"]] == [first["id"]]
    assert "other" not in found
    assert questions.known(full, [first["id"], "0" * 24]).keys() == {first["id"]}


def test_of_each_family_one_voice_is_left_also_where_its_original_lies_outside(tmp_path: Any) -> None:
    lake = Lake(tmp_path)
    first = row(1, branch="S11", duplicate_of=None, sentiment="negative")
    others = [row(n, branch="N11", duplicate_of=first["id"], sentiment="negative") for n in (2, 3)]
    lake.append_once("voices", table([first, *others]), writer="test", batch=1)
    assert questions.count(lake, Slice(copies=False)) == 1
    assert questions.page(lake, Slice(copies=False)).voices[0].id == first["id"]
    north = Slice(branches=frozenset({"N11"}), copies=False)
    assert questions.count(lake, north) == 1
    assert len(questions.worst(lake, north)) == 1


def test_what_a_person_called_bad_stands_first_among_the_worst(tmp_path: Any) -> None:
    lake = Lake(tmp_path)
    judged = row(1, sentiment="negative", negative=0.05, understood_by="person", duplicate_of=None)
    sure = row(2, sentiment="negative", negative=0.99, duplicate_of=None)
    lake.append_once("voices", table([judged, sure]), writer="test", batch=1)
    assert [voice.id for voice in questions.worst(lake, Slice())] == [judged["id"], sure["id"]]


def test_an_answer_that_is_kept_does_not_outlive_its_version(tmp_path: Any) -> None:
    lake, other = Lake(tmp_path), Lake(tmp_path)  # `other` as another process
    lake.append_once("voices", table(ROWS[:50]), writer="import", batch=1)
    north = Slice(branches=frozenset({"N11"}))
    before = questions.count(lake, Slice()), questions.count(lake, north), questions.shares(lake, Slice(), "branch")
    gone = next(v for v in ROWS[:50] if v["branch"] == "N11")
    other.erase([gone["id"]])
    assert questions.count(lake, Slice()) == before[0] - 1
    assert questions.count(lake, north) == before[1] - 1
    assert questions.shares(lake, Slice(), "branch") != before[2]
    assert gone["id"] not in {shown.id for shown in questions.page(lake, Slice()).voices}


def test_a_page_is_of_one_version_whatever_is_written_meanwhile(tmp_path: Any, monkeypatch: Any) -> None:
    lake = Lake(tmp_path)
    lake.append_once("voices", table(ROWS[:50]), writer="import", batch=1)
    first = questions.page(lake, Slice(branches=frozenset({"N11"}))).voices
    reading = paging.glimpses

    def corrected_meanwhile(*given: Any) -> Any:
        monkeypatch.undo()
        lake.set_columns("voices", first[0].id, {"branch": "S11", "text": "只给南方看"})
        lake.delete("voices", [first[1].id])
        return reading(*given)

    monkeypatch.setattr(paging, "glimpses", corrected_meanwhile)
    assert questions.page(lake, Slice(branches=frozenset({"N11"}))).voices == first
    assert questions.page(lake, Slice(branches=frozenset({"N11"}))).voices == first[2:]
