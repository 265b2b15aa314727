"""What does a file of answers tell, before any of it comes in? Its columns, and what would become of the first rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from huixiang.apps.feedback import importing, mapping_text
from huixiang.apps.feedback.actions import no_people_among
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.feedback.reading import Stretch
from huixiang.apps.surveys.answer_guest import reader
from huixiang.apps.surveys.models import Version
from huixiang.channels import survey_answers
from huixiang.channels.contract import Fault, Refused, Row, Unfinished
from huixiang.channels.survey_answers import AnswerMapping, Reader, guessed

TOLD_MOST = 20  # of the rows left out, how many are told one by one
LOOKED_AT = 100


@dataclass(slots=True)
class Look:
    """What would become of the first rows; read = good + unfinished + refused."""

    read: int = 0
    good: int = 0
    unfinished: int = 0
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)


def head(path: Path, by: AnswerMapping | None = None) -> list[Row | Refused]:
    """The first rows. Raises Fault."""
    return list(islice(survey_answers.rows(path, by or AnswerMapping()), LOOKED_AT))


def settled(path: Path, version: Version, by: AnswerMapping) -> str:
    """The mapping by which all of the file is read, as TOML.

    Raises Fault where a column that matters is wanting, or where one is called as a person is.
    """
    columns = columns_of(head(path, by))
    whole = Reader(version.questionnaire, by, columns, str(settings.TIME_ZONE)).whole
    ours = guessed(version.questionnaire, columns)
    known = {*ours.fields.values(), *ours.questions.values()}  # called as our own questions are
    no_people_among(sorted({*whole.fields.values(), *whole.questions.values()} - known))
    return mapping_text.written(survey_answers.plain(whole))


def looked(path: Path, version: Version, mapping: str, units: frozenset[str] | None) -> Look:
    """Nothing is kept. Raises Fault where the file as a whole cannot be read so."""
    look, through = Look(), reader(version, mapping, units, timezone.now())
    stretch = Stretch(0)
    for row in islice(through.rows(path), LOOKED_AT):
        look.read += 1
        try:
            if isinstance(row, Refused):
                raise row.fault
            stretch.entries.append(through.entry(row))
        except Unfinished:
            look.unfinished += 1
        except Fault as fault:
            stretch.refused.append(Refused(row.number, fault, row.fields))
    look.good, look.refused, stretch.rows_read = len(stretch.entries), len(stretch.refused), look.read
    look.faults = [each.fault for each in stretch.refused[:TOLD_MOST]]
    is_whole = look.read < LOOKED_AT
    importing.refuse_wrong_mapping(stretch, has_units=bool(through.gate.units), is_whole=is_whole)
    return look


def columns_of(rows: Sequence[Row | Refused]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.fields))


def missing(version: Version, mapping: str) -> list[str]:
    """The questions of which a file tells nothing that was read by this mapping."""
    by = survey_answers.mapping(mapping)
    return Reader(version.questionnaire, by, [*by.fields.values(), *by.questions.values()], "").missing


def left_out(imported: Import) -> Iterator[Quarantined]:
    """The first of the rows that wait to be mended."""
    yield from imported.quarantine.filter(state=Quarantined.State.OPEN)[:TOLD_MOST]
