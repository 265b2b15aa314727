"""How do codebook and coded utterances leave for a spreadsheet? Masked, by pseudonym, each coder's answer beside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.focus import coded
from huixiang.apps.focus.models import Study
from huixiang.channels import export
from huixiang.domain.coding import Standing

CODES = (
    gettext_lazy("代码"),
    gettext_lazy("取自分类树"),
    gettext_lazy("定义"),
    gettext_lazy("句数"),
    gettext_lazy("人数"),
    gettext_lazy("场次"),
)
SAID = (
    gettext_lazy("场次"),
    gettext_lazy("日期"),
    gettext_lazy("机构"),
    gettext_lazy("序号"),
    gettext_lazy("代号"),
    gettext_lazy("客户等级"),
    gettext_lazy("发言（已脱敏）"),
    gettext_lazy("编码一"),
    gettext_lazy("编码二"),
    gettext_lazy("裁定"),
    gettext_lazy("最终"),
    gettext_lazy("状态"),
)
STANDINGS = {
    Standing.OPEN: gettext_lazy("未编完"),
    Standing.DISPUTED: gettext_lazy("有分歧"),
    Standing.AGREED: gettext_lazy("一致"),
    Standing.SETTLED: gettext_lazy("已裁定"),
}


def codebook_lines(study: Study) -> Iterator[str]:
    return export.csv_lines([str(name) for name in CODES], _codes(study))


def coded_lines(study: Study) -> Iterator[str]:
    return export.csv_lines([str(name) for name in SAID], _said(study))


def write_sheet(study: Study, path: Path) -> None:
    export.write_sheet(path, str(_("编码")), [str(name) for name in SAID], _said(study), {6: 70, 7: 24, 8: 24, 10: 24})


def _codes(study: Study) -> Iterator[list[Any]]:
    for use in coded.uses(study, coded.of_sessions(study.sessions.all())):
        code = use.code
        yield [code.name, code.topic, code.definition, use.utterances, use.people, use.talks]


def _said(study: Study) -> Iterator[list[Any]]:
    sessions = list(study.sessions.select_related("unit"))
    places = {session.pk: (place, session) for place, session in enumerate(sessions, 1)}
    names = {str(code.pk): code.name for code in study.codes.all()}

    def told(codes: frozenset[str] | None) -> str:
        return "" if codes is None else "；".join(sorted(names[key] for key in codes)) or "—"

    for each in coded.of_sessions(sessions):
        place, session = places[each.utterance.session_id]
        person = each.utterance.participant
        given = [told(codes) for codes in each.given] + ["", ""]
        yield [
            place,
            session.held_on.isoformat(),
            session.unit.name,
            each.utterance.number,
            str(person),
            str(person.get_tier_display()) if person else "",
            each.utterance.text,
            *given[:2],
            told(each.settled),
            told(each.final),
            str(STANDINGS[each.standing]),
        ]
