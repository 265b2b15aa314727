"""How does a study leave for other programs of qualitative analysis? As REFI-QDA: the codebook, or the whole project.

Source: REFI-QDA Standard 1.5 (qdasoftware.org), the schemas urn:QDA-XML:codebook:1.0 and urn:QDA-XML:project:1.0.
What is in it is masked, speakers are pseudonyms, coders their staff numbers. The same study gives the same GUIDs.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from lxml import etree

from huixiang.apps.focus.models import Code, Coding, Session, Study, Utterance

CODEBOOK, PROJECT = "urn:QDA-XML:codebook:1.0", "urn:QDA-XML:project:1.0"
ORIGIN = "huixiang"
_OURS = UUID("6f0a1c52-3f0e-5d2b-9a57-2a6f1b0f8c11")
_COLOURS = ("#0E6670", "#C7791A", "#7A3E9D", "#2E7D32", "#A1261B", "#0A467A", "#6D5F00", "#8C4A5E")


def codebook(study: Study) -> bytes:
    """A .qdc file."""
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", nsmap={None: CODEBOOK}, origin=ORIGIN)
    _codes(root, CODEBOOK, list(study.codes.living()))
    return _written(root)


def project(study: Study, now: datetime) -> bytes:
    """A .qdpx file: each talk a text, each utterance a selection of it, each answer a coding by its coder."""
    sessions = list(study.sessions.order_by("held_on", "pk"))
    codings = Coding.objects.filter(utterance__session__study=study).select_related("by").prefetch_related("codes")
    by_utterance: dict[int, list[Coding]] = {}
    for each in codings:
        by_utterance.setdefault(each.utterance_id, []).append(each)
    texts = {session.pk: _text(session) for session in sessions}
    root = etree.Element(f"{{{PROJECT}}}Project", nsmap={None: PROJECT}, name=study.name, origin=ORIGIN)
    root.set("creationDateTime", _moment(now))
    _parts(root, study, [_source(session, texts[session.pk][1], by_utterance) for session in sessions], codings)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", _written(root))
        for session in sessions:
            archive.writestr(f"Sources/{_guid('session', session.pk)}.txt", texts[session.pk][0])
    return file.getvalue()


def _parts(root: etree._Element, study: Study, sources: Sequence[etree._Element], codings: Iterable[Coding]) -> None:
    """In the schema's order; a list without an entry is no list there, and is left out."""
    if numbers := sorted({each.by.number for each in codings}):
        users = _add(root, "Users")
        for number in numbers:
            _add(users, "User", guid=_guid("user", number), name=number, id=number)
    if codes := list(study.codes.living()):
        _codes(_add(root, "CodeBook"), PROJECT, codes)
    if sources:
        _add(root, "Sources").extend(sources)


Place = tuple[Utterance, int, int]


def _text(session: Session) -> tuple[str, list[Place]]:
    """The talk as a text, and where in it each participant's words stand, in characters."""
    lines: list[str] = []
    places: list[Place] = []
    at = 0
    for each in session.utterances.worded().select_related("participant"):
        speaker = str(each.participant or _("主持人"))
        start = at + len(speaker) + 1
        line = f"{speaker}：{each.text}\n"
        if each.participant:
            places.append((each, start, start + len(each.text)))
        lines.append(line)
        at += len(line)
    return "".join(lines), places


def _source(session: Session, places: Sequence[Place], codings: dict[int, list[Coding]]) -> etree._Element:
    guid = _guid("session", session.pk)
    path = f"internal://{guid}.txt"
    source = etree.Element(f"{{{PROJECT}}}TextSource", guid=guid, name=str(session), plainTextPath=path)
    for utterance, start, end in places:
        if not (given := codings.get(utterance.pk)):
            continue
        name = f"{utterance.participant} #{utterance.number}"
        selection = _add(source, "PlainTextSelection", guid=_guid("utterance", utterance.pk), name=name)
        selection.set("startPosition", str(start))
        selection.set("endPosition", str(end))
        for each in given:
            for code in each.codes.all():
                told = {"guid": _guid("coding", each.pk, code.pk), "creatingUser": _guid("user", each.by.number)}
                coding = _add(selection, "Coding", **told, creationDateTime=_moment(each.at))
                _add(coding, "CodeRef", targetGUID=_guid("code", code.pk))
    return source


def _codes(parent: etree._Element, space: str, codes: Sequence[Code]) -> None:
    listed = etree.SubElement(parent, f"{{{space}}}Codes")
    for place, code in enumerate(codes):
        made = etree.SubElement(listed, f"{{{space}}}Code", guid=_guid("code", code.pk), name=code.name)
        made.set("isCodable", "true")
        made.set("color", _COLOURS[place % len(_COLOURS)])
        if code.definition:
            etree.SubElement(made, f"{{{space}}}Description").text = code.definition


def _add(parent: etree._Element, tag: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{PROJECT}}}{tag}", attributes)


def _guid(kind: str, *parts: object) -> str:
    return str(uuid5(_OURS, " ".join(map(str, (kind, *parts)))))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _written(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written
