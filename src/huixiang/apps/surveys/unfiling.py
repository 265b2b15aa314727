"""What goes of files with foreign answers when a customer has her data erased? Rows left out, and files that wait.

They lie in the folder of uploads for a day at most. A row is known by a keyed hash of its cells, as quarantined rows
are; a file that still waits goes as a whole: nobody has said yet which of its columns is what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from huixiang.apps.access.sealing import Unsealable, seal, unseal
from huixiang.apps.feedback import identity, uploads
from huixiang.apps.feedback.certifying import place
from huixiang.apps.feedback.erasing import finds, reaches
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.surveys.answer_uploads import ASIDE, FILES, cells_of
from huixiang.apps.surveys.models import Survey
from huixiang.channels import survey_answers
from huixiang.channels.contract import RAW, Fault
from huixiang.channels.survey_answers import AnswerMapping
from huixiang.domain.feedback import pseudonym
from huixiang.domain.hotline import telephone

Rows = list[dict[str, Any]]


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """The rows that name her: of surveys within reach, since a row left out may name no unit, or a wrong one."""
    key, within = settings.MASKING_KEY.encode(), _within(reach)
    rows = (cells for file in _files() if _survey(file) in within for cells in _cells(file))
    return {identity.row_id(cells) for cells in rows if _names(cells, customer, key)}


@reaches
def forget(ids: Collection[str]) -> None:
    for file in _files():
        if not _held(file, ids):
            continue
        if file.suffix != ASIDE:
            file.unlink(missing_ok=True)
            continue
        kept = [row for row in _aside(file) if identity.row_id(cells_of(row)) not in ids]
        part = file.with_name(f"{file.name}.part")  # a process killed here leaves the others' rows whole
        part.write_bytes(seal({"rows": kept}))
        part.replace(file)


@place("answer_files", gettext_lazy("问卷：别处收集的答案中没有收下的行、等候确认的文件"))
def left(ids: Collection[str]) -> int:
    return sum(_held(file, ids) for file in _files())


def _files() -> list[Path]:
    return sorted(uploads.folder().glob(FILES))


def _held(file: Path, ids: Collection[str]) -> int:
    return sum(identity.row_id(cells) in ids for cells in _cells(file)) if ids else 0


def _cells(file: Path) -> Iterator[Mapping[str, str]]:
    """What stands in each row. A file that is no table, or sealed under a lost key, tells nobody anything."""
    if file.suffix == ASIDE:
        yield from map(cells_of, _aside(file))
        return
    try:
        for row in survey_answers.rows(file, AnswerMapping()):
            yield row.fields
    except (Fault, OSError):
        return


def _aside(file: Path) -> Rows:
    try:
        rows: Rows = unseal(file.read_bytes())["rows"]
    except (OSError, Unsealable):
        return []
    return rows


def _names(cells: Mapping[str, str], customer: str, key: bytes) -> bool:
    words = [*cells.values(), *cells.get(RAW, "").split()]
    forms = {form for cell in words if (word := cell.strip()) for form in (word, telephone(word)) if form}
    return any(pseudonym(form, key) == customer for form in forms)


def _survey(file: Path) -> int:
    number = file.name.split("-")[1]
    return int(number) if number.isdecimal() else 0


def _within(reach: frozenset[str] | None) -> set[int]:
    rows = Survey.objects.all() if reach is None else Survey.objects.filter(unit__code__in=reach)
    return set(rows.values_list("pk", flat=True))


def _over(now: datetime) -> list[Path]:
    end = now.timestamp() - uploads.UNCONFIRMED.total_seconds()
    return [file for file in _files() if file.stat().st_mtime < end]


def _clear(now: datetime) -> int:
    over = _over(now)
    for file in over:
        file.unlink(missing_ok=True)
    return len(over)


keeps(
    Keeping(
        code="answer_files",
        channel=gettext_lazy("问卷"),
        holds=gettext_lazy("别处收集的答案：等候确认的文件、没有收下的行（加密）"),
        days=lambda: gettext_lazy("一天"),
        ground=gettext_lazy("由导入的人更正后重新导入"),
        stored=lambda: len(_files()),
        due=lambda now: len(_over(now)),
        clear=_clear,
        settings=("surveys",),
    )
)
