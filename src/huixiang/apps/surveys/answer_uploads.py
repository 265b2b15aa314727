"""How does a file of answers come in by the page? It waits, sealed from others, until a person has said what is what.

The upload lies in the folder that only the service reads, for a day at most (feedback/uploads.py clears it); so do the
rows that were left out, sealed: they leave as a table, are mended there, and the same page takes them in again. A
response is known by its number, so that nothing counts twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, seal, unseal
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.feedback import identity, uploads
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.surveys import answer_files
from huixiang.apps.surveys.answer_files import Account
from huixiang.apps.surveys.models import Survey, Version
from huixiang.channels import survey_answers
from huixiang.channels.contract import Fault, Refused, Row
from huixiang.channels.survey_answers import AnswerMapping

LARGEST = 10 << 20  # bytes; larger ones by the command
MOST_ASIDE = 5_000  # rows left out that are kept for mending
AT_ONCE = 500
RIGHT = "survey.manage"
ROW, REASON = "行号", "原因"
FILES, ASIDE = "answers-*", ".aside"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits: `key` is its place, `name` what the person calls it."""

    key: str
    name: str

    @property
    def path(self) -> Path:
        return uploads.folder() / self.key


def keep(survey: Survey, name: str, chunks: Iterable[bytes]) -> Upload:
    """Raises Fault where it is no table that can be read, whatever it is called."""
    kept = Upload(f"answers-{survey.pk}-{secrets.token_hex(12)}{Path(name).suffix.lower()[:6]}", name[:120])
    with kept.path.open("xb") as file:
        kept.path.chmod(0o600)
        for chunk in chunks:
            file.write(chunk)
    try:
        if kept.path.stat().st_size > LARGEST:
            raise Fault("文件大于 10 MB：请分成几个，或用命令 huixiang surveys answers 导入")
        if not head(kept):
            raise Fault("文件里没有数据行；请确认第一行是列名，下面是答卷")
    except Fault:
        drop(kept)
        raise
    return kept


def head(kept: Upload) -> list[Row | Refused]:
    """The first rows. Raises Fault."""
    return list(islice(survey_answers.rows(kept.path, AnswerMapping()), answer_files.LOOKED_AT))


def drop(kept: Upload) -> None:
    kept.path.unlink(missing_ok=True)
    _aside(kept).unlink(missing_ok=True)


def bring(kept: Upload, version: Version, by: AnswerMapping, who: Staff) -> Account:
    """Bring it in; what is left out is kept, sealed. Raises Fault, LookupError where the upload is gone."""
    if not kept.path.exists():
        raise LookupError(kept.key)
    out: list[dict[str, str]] = []

    def aside(row: Row | Refused, fault: Fault) -> None:
        if len(out) < MOST_ASIDE:
            out.append({ROW: str(row.number), REASON: told_fault(fault), **row.fields})

    reach = who.scope(RIGHT)
    scope = None if reach is None else frozenset(reach)
    coming = answer_files.Coming(scope, aside, kept.name)
    account = answer_files.bring(kept.path, version, by, actor=who.number, coming=coming)
    kept.path.unlink(missing_ok=True)
    if out := _without_erased(out):
        _aside(kept).touch(0o600)
        _aside(kept).write_bytes(seal({"rows": out}))
    return account


def left_out(kept: Upload, survey: Survey, by: Staff, source: str = "") -> Iterator[list[str]]:
    """The rows left out, unmasked as they came, with place and reason before them. Raises LookupError."""
    try:
        rows: list[Mapping[str, Any]] = unseal(_aside(kept).read_bytes())["rows"]
    except (OSError, Unsealable):
        raise LookupError(kept.key) from None
    audit.record("survey.answers.aside", by=by, on_kind="survey", on_id=survey.pk, source=source, count=len(rows))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    yield columns
    for row in rows:
        yield [str(row.get(name, "")) for name in columns]


def _aside(kept: Upload) -> Path:
    return uploads.folder() / f"{kept.key}{ASIDE}"


def cells_of(row: Mapping[str, str]) -> dict[str, str]:
    """What stood in the file."""
    return {name: cell for name, cell in row.items() if name not in (ROW, REASON)}


def _without_erased(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Without those that a customer had erased: the same content is not kept aside again."""
    known = [identity.row_id(cells_of(row)) for row in rows]
    erased: set[str] = set()
    for start in range(0, len(known), AT_ONCE):
        some = Tombstone.objects.filter(voice_id__in=known[start : start + AT_ONCE])
        erased |= set(some.values_list("voice_id", flat=True))
    return [row for row, row_id in zip(rows, known, strict=True) if row_id not in erased]
