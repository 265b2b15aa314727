"""Which complaints were resolved at the first go? Only those of which it can be known, and only once it can."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.hours import DAY
from huixiang.domain.complaints.resolution import Sign, read_definition, shipped_definition
from huixiang.domain.complaints.resolving import Answer, Case, Contact, Judged, Why, judge, rate
from huixiang.domain.statistics import share
from huixiang.web.cli import main

ANYHOW = shipped_definition("cn-2020")
assert ANYHOW is not None
TEXT = (files("huixiang.domain.complaints") / "packs/cn-2020/resolution.toml").read_text("utf-8")
FEES = {"business": "B.card", "product": "gold", "cause": "C.pricing"}
MORNING = 20_000 * DAY + 9 * 3_600
CLOSED = MORNING + 10 * DAY
LATER = CLOSED + 60 * DAY
WANG = Case("T1", "wang", FEES, MORNING, CLOSED)
RECEIPT = Contact(MORNING, "wang", FEES)


def judged(case: Case, *contacts: Contact, until: int = LATER, definition: object = ANYHOW) -> Judged:
    assert definition is not None
    (found,) = judge([case], [RECEIPT, *contacts], definition, until)  # type: ignore[arg-type]
    return found


def test_a_customer_who_is_heard_no_more_was_helped() -> None:
    assert judged(WANG) == Judged(WANG, Answer.YES)


@pytest.mark.parametrize(
    ("days", "answer"),
    [(-1, Answer.YES), (1, Answer.NO), (30, Answer.NO), (31, Answer.YES)],  # while it was open she may ask again
)
def test_who_comes_again_within_thirty_days_was_not(days: int, answer: Answer) -> None:
    again = Contact(CLOSED + days * DAY + 3_600, "wang", FEES)
    assert judged(WANG, again).answer is answer


def test_another_matter_or_another_customer_is_no_repeat() -> None:
    loan = Contact(CLOSED + DAY, "wang", FEES | {"business": "B.loan"})
    cause = Contact(CLOSED + DAY, "wang", FEES | {"cause": "C.attitude"})  # by the definition the cause may differ
    assert judged(WANG, loan, Contact(CLOSED + DAY, "li", FEES)).answer is Answer.YES
    assert judged(WANG, cause).reasons == (Sign.REPEATED,)


def test_the_supervisor_counts_from_the_receipt_on() -> None:
    assert judged(WANG, Contact(MORNING + DAY, "wang", FEES, regulator=True)).reasons == (Sign.REGULATOR,)
    case = replace(WANG, signs=((Sign.REOPENED, CLOSED + DAY), (Sign.REVIEW_APPLIED, CLOSED + DAY)))
    assert judged(case).reasons == (Sign.REOPENED, Sign.REVIEW_APPLIED)


def test_an_open_window_is_no_success_and_no_failure() -> None:
    last = CLOSED + 30 * DAY  # the thirtieth day is not over
    assert judged(WANG, until=last) == Judged(WANG, Answer.NOT_YET, (Why.WINDOW_OPEN,))
    assert judged(WANG, until=last + DAY).answer is Answer.YES
    again = Contact(CLOSED + DAY, "wang", FEES)
    early = judged(WANG, again, until=last)
    assert (early.answer, early.reasons) == (Answer.NOT_YET, (Sign.REPEATED, Why.WINDOW_OPEN))
    assert judged(replace(WANG, closed_at=None)).reasons == (Why.NOT_CLOSED,)


def test_of_an_anonymous_or_unclassified_case_it_cannot_be_known() -> None:
    nobody = replace(WANG, customer="", signs=((Sign.REOPENED, CLOSED + DAY),))
    assert judged(nobody) == Judged(nobody, Answer.UNKNOWABLE, (Sign.REOPENED, Why.ANONYMOUS))
    assert judged(replace(WANG, matter={"business": "B.card"})).reasons == (Why.UNCLASSIFIED,)


def test_a_bank_may_ask_for_a_word_of_consent() -> None:
    strict = read_definition(TEXT.replace("silence_counts = true", "silence_counts = false"))
    assert judged(WANG, definition=strict).reasons == (Why.NOT_CONFIRMED,)
    said = replace(WANG, signs=((Sign.CONFIRMED, CLOSED + DAY),))
    assert judged(said, definition=strict).answer is Answer.YES


def test_the_rate_tells_of_how_many_it_is_known() -> None:
    cases = [replace(WANG, number=f"T{n}", customer=f"c{n}") for n in range(8)]
    cases += [replace(WANG, customer=""), replace(WANG, number="T9", closed_at=LATER - DAY)]
    contacts = [Contact(CLOSED + DAY, "c0", FEES), Contact(CLOSED + 2 * DAY, "c1", FEES, regulator=True)]
    told = rate(judge(cases, contacts, ANYHOW, LATER))  # type: ignore[arg-type]
    assert (told.yes, told.judged, told.asked, told.coverage) == (6, 8, 10, 0.8)
    assert told.value == share(6, 8)
    assert told.reasons == {Sign.REPEATED: 2, Sign.REGULATOR: 1, Why.ANONYMOUS: 1, Why.WINDOW_OPEN: 1}
    nothing = rate([])
    assert (nothing.value, nothing.coverage) == (None, None)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("window_days = 30", "window_days = 0", "window_days 要写 1 到 730"),
        ('sign = "disputed"', 'sign = "angry"', "[[against]] 5 的 sign 只能是"),
        ('sign = "disputed"', 'sign = "reopened"', "“reopened”写了两次"),
        ('"business", "product"', '"colour"', "same_matter 只能是"),
        ("silence_counts", "silent", "silence_counts 要写 true 或 false"),
    ],
)
def test_a_mistake_in_the_definition_is_named(old: str, new: str, said: str) -> None:
    with pytest.raises(BadCase, match=re.escape(said)):
        read_definition(TEXT.replace(old, new))


def test_the_command_shows_and_checks_the_definition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "resolution.toml"
    own.write_text(TEXT.replace("window_days = 30", "window_days = 90"))
    assert main(["complaints", "check", str(own)]) == 0
    assert "window_days 90" in capsys.readouterr().out
    assert main(["complaints", "packs"]) == 0
    assert "window_days 30" in capsys.readouterr().out
