"""What goes of files with foreign answers when a customer has her data erased, or in time? Rows left out, and files.

A row that waits in quarantine is known by a keyed hash of its cells, and emptied as all such rows are
(feedback/erasing.py). A file that still waits goes as a whole: nobody has said yet which of its columns is what. One
that is being read needs its file, and removes it at its end; her rows in it stay out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.feedback import identity, quarantine, uploads
from huixiang.apps.feedback.certifying import place
from huixiang.apps.feedback.erasing import finds, reaches
from huixiang.apps.feedback.keeping import Keeping, keeps
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.surveys.answer_format import FORMAT
from huixiang.channels import survey_answers
from huixiang.channels.contract import RAW, Fault
from huixiang.channels.survey_answers import AnswerMapping
from huixiang.domain.feedback import pseudonym
from huixiang.domain.hotline import telephone

DAYS = 90  # so long do rows left out wait: by then they are mended, or nobody will
_LONGEST = 120  # characters: no number of a customer is longer
_AT_ONCE = 500


@finds
def of_customer(customer: str, reach: frozenset[str] | None) -> set[str]:
    """What names her: of surveys within reach, since a row left out may name no unit, or a wrong one."""
    within = {} if reach is None else {"of__answers__version__survey__unit__code__in": reach}
    names = _Names(customer)
    rows = {identity.row_id(cells) for cells in _left_out(_waiting_rows().filter(**within)) if names.anyone_in(cells)}
    files = {} if reach is None else {"answers__version__survey__unit__code__in": reach}
    named = (each for each in _files().filter(**files) if any(map(names.anyone_in, _told(Path(each.path)))))
    return rows | {_file_id(each) for each in named}


@reaches
def forget(ids: Collection[str]) -> None:
    for imported in _files():
        if _file_id(imported) in ids and imported.state != "running":
            uploads.remove(imported)
            if imported.state == "draft":
                imported.delete()


@place("answer_files", gettext_lazy("问卷：别处收集的答案中没有收下的行、等候确认的文件"))
def left(ids: Collection[str]) -> int:
    rows = sum(identity.row_id(cells) in ids for cells in _left_out(_waiting_rows())) if ids else 0
    return rows + sum(_file_id(each) in ids and Path(each.path).exists() for each in _files())


class _Names:
    """Is this customer named in a row? A file's cells repeat, so what was asked a moment ago is known."""

    def __init__(self, customer: str) -> None:
        key = settings.MASKING_KEY.encode()

        @lru_cache(maxsize=50_000)
        def is_hers(word: str) -> bool:
            return any(pseudonym(form, key) == customer for form in (word, telephone(word)) if form)

        self._is_hers = is_hers

    def anyone_in(self, cells: Mapping[str, str]) -> bool:
        words = (*cells.values(), *cells.get(RAW, "").split())
        return any(self._is_hers(word) for cell in words if 0 < len(word := cell.strip()) <= _LONGEST)


def _waiting_rows() -> QuerySet[Quarantined]:
    return Quarantined.objects.filter(of__format=FORMAT, state=Quarantined.State.OPEN)


def _left_out(rows: QuerySet[Quarantined]) -> Iterator[dict[str, str]]:
    """What stands in each. One sealed under a key that is lost tells nobody anything."""
    for row in rows.iterator(chunk_size=_AT_ONCE):
        try:
            yield quarantine.fields(row)
        except Unsealable:
            continue


def _files() -> QuerySet[Import]:
    """Uploads that wait, or are being read."""
    return Import.objects.filter(format=FORMAT, is_upload=True, finished_at=None).select_related("job")


def _told(file: Path) -> Iterator[Mapping[str, str]]:
    """A file that is no table tells nobody anything."""
    try:
        for row in survey_answers.rows(file, AnswerMapping()):
            yield row.fields
    except (Fault, OSError):
        return


def _file_id(imported: Import) -> str:
    return identity.row_id({"answer file": str(imported.pk)})


def _files_over(now: datetime) -> Iterable[Import]:
    unconfirmed, stopped = now - uploads.UNCONFIRMED, now - uploads.UNFINISHED
    for each in _files():
        began = each.started_at
        if (began is None and each.created_at < unconfirmed) or (began and began < stopped and each.state == "stopped"):
            yield each


def _clear_files(now: datetime) -> int:
    count = 0
    for each in _files_over(now):
        count += Path(each.path).exists()
        uploads.remove(each)
        if each.started_at is None:
            each.delete()
    return count


def _rows_over(now: datetime) -> QuerySet[Quarantined]:
    return _waiting_rows().filter(of__started_at__lt=now - timedelta(days=DAYS))


def _clear_rows(now: datetime) -> int:
    """They count on as left out, with place and reason."""
    keys = list(_rows_over(now).values_list("pk", flat=True))
    state, closed_at = Quarantined.State.EXPIRED, timezone.now()
    for start in range(0, len(keys), _AT_ONCE):
        over = Quarantined.objects.filter(pk__in=keys[start : start + _AT_ONCE], mended_by=None)
        over.filter(state=Quarantined.State.OPEN).update(state=state, closed_at=closed_at)
        quarantine.forget(over.filter(state=state))
    return len(keys)


keeps(
    Keeping(
        code="answer_files",
        channel=gettext_lazy("问卷"),
        holds=gettext_lazy("别处收集的答案：等候确认或读到一半的文件"),
        days=lambda: gettext_lazy("未确认的一天，停下的七天；读完即删"),
        ground=gettext_lazy("由导入的人确认各列后收下"),
        stored=lambda: sum(Path(each.path).exists() for each in _files()),
        due=lambda now: sum(Path(each.path).exists() for each in _files_over(now)),
        clear=_clear_files,
        settings=("surveys",),
    )
)
keeps(
    Keeping(
        code="answer_rows",
        channel=gettext_lazy("问卷"),
        holds=gettext_lazy("别处收集的答案中没有收下的行（加密）"),
        days=lambda: gettext_lazy("导入后 90 天；修正收下或放弃的立即清空，客户要求删除时也清空"),
        ground=gettext_lazy("由有权限的同事更正后收下"),
        stored=lambda: _waiting_rows().count(),
        due=lambda now: _rows_over(now).count(),
        clear=_clear_rows,
        settings=("imports",),
    )
)
