"""Who writes a standard down? A draft is a new text each time it is saved; nothing written is changed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.standards.models import EDIT, Standard, State, Step, Version
from huixiang.channels.contract import Fault
from huixiang.domain.standards import values
from huixiang.domain.standards.reading import read
from huixiang.domain.standards.saying import BadStandard, Mistake
from huixiang.domain.standards.writing import write


def demand(by: Staff, right: str) -> None:
    """The whole bank's standards are changed by who has the right for the whole bank."""
    if not by.holds(right, None):
        raise PermissionDenied


def checked(text: str, name: str = "") -> values.Standard:
    """The standard of a text. Raises Fault with the first mistake; `faults_of` has them all."""
    try:
        return read(text)
    except BadStandard as bad:
        raise faults_of(bad, name)[0] from None


def faults_of(bad: BadStandard, name: str = "") -> list[Fault]:
    return [_fault(each, name) for each in bad.mistakes]


def _fault(mistake: Mistake, name: str) -> Fault:
    params: dict[str, Any] = dict(mistake.params)
    why = Fault(mistake.message, **params)
    where: dict[str, Any] = {"line": mistake.line, "why": why, "key": mistake.key}
    if name:
        return Fault("文件“%(file)s”第 %(line)s 行 %(key)s：%(why)s", file=name, **where)
    return Fault("第 %(line)s 行 %(key)s：%(why)s", **where)


def write_version(text: str, *, by: Staff, source: str = "", code: str = "") -> Version:
    """Write down a standard, new or of a code there is, as a draft. Raises Fault for mistakes, for the same text as
    the last, and while another version waits to be approved; `code`: it must be this standard's."""
    demand(by, EDIT)
    standard = checked(text)
    if code and standard.code != code:
        raise Fault("code 须仍是“%(code)s”：另立标准请用“新建”", code=code)
    text = write(standard)
    with transaction.atomic():
        row = _locked(standard.code)
        _nothing_waits(row, text)
        number = row.versions.count() + 1
        version = Version.objects.create(
            standard=row, number=number, text=text, digest=hashlib.sha256(text.encode()).hexdigest(),
            effective_from=standard.effective_from, effective_until=standard.effective_until, by=by,
        )  # fmt: skip
        for former in row.versions.open().exclude(pk=version.pk):
            step(former, State.DROPPED, by, "")
        step(version, State.DRAFT, by, "")
        record("standard.write", version, by, source)
    return version


def _locked(code: str) -> Standard:
    """One writer of a standard at a time, until commit."""
    Standard.objects.get_or_create(code=code)
    return Standard.objects.select_for_update().get(code=code)


def _nothing_waits(row: Standard, text: str) -> None:
    if waiting := row.versions.waiting().first():
        raise Fault("第 %(number)s 版正待审批：请等它批准或退回", number=waiting.number)
    last = row.versions.with_state().order_by("-number").first()
    if last and last.text == text and last.standing != State.DROPPED:
        raise Fault("与第 %(number)s 版完全相同，没有改动", number=last.number)


def step(version: Version, state: State, by: Staff, words: str) -> None:
    Step.objects.create(version=version, seq=version.steps.count() + 1, state=state, by=by, words=words[:500])


def record(verb: str, version: Version, by: Staff, source: str) -> None:
    audit.record(verb, by=by, on_kind="standard", on_id=version.standard.code, source=source, version=version.number,
                 digest=version.digest, effective_from=f"{version.effective_from}")  # fmt: skip
