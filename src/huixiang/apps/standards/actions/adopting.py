"""How do many standards come in at once? The set of the product, or a folder's files; each then goes its usual way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from huixiang.apps.access.models import Staff
from huixiang.apps.standards.actions.deciding import submit
from huixiang.apps.standards.actions.writing import checked, demand, faults_of, write_version
from huixiang.apps.standards.models import EDIT, Standard, Version
from huixiang.channels.contract import Fault
from huixiang.domain.standards import values
from huixiang.domain.standards.reading import read
from huixiang.domain.standards.saying import BadStandard
from huixiang.domain.standards.starter import starter_set
from huixiang.domain.standards.writing import write


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a folder: versions written, codes that were the same already."""

    written: Sequence[Version]
    same: Sequence[str]


def adopt(day: date, *, by: Staff, source: str = "") -> list[Version]:
    """Submit each standard of the product that the bank has not had, to hold from this day on."""
    demand(by, EDIT)
    had = set(Standard.objects.values_list("code", flat=True))
    found = []
    for standard in starter_set():
        if standard.code not in had:
            with transaction.atomic():
                version = write_version(write(replace(standard, effective_from=day)), by=by, source=source)
                submit(version, by=by, source=source)
            found.append(version)
    return found


def all_faults(files: Mapping[str, str]) -> list[Fault]:
    """All that is wrong in the files of a folder, each by file, line and key."""
    found, codes = [], dict[str, str]()
    for name, text in sorted(files.items()):
        try:
            standard = read(text)
        except BadStandard as bad:
            found += faults_of(bad, name)
            continue
        if standard.code in codes:
            found.append(Fault("文件“%(file)s”与“%(other)s”都是标准“%(code)s”：一份标准一个文件", file=name,
                               other=codes[standard.code], code=standard.code))  # fmt: skip
        codes[standard.code] = name
    return found


def bring(files: Mapping[str, str], *, by: Staff, source: str = "") -> Brought:
    """Write each file of a folder as a draft; all or none. Raises Fault with the first that is wrong."""
    demand(by, EDIT)
    for fault in all_faults(files):
        raise fault
    written, same = list[Version](), list[str]()
    with transaction.atomic():
        for name, text in sorted(files.items()):
            standard = checked(text, name)
            if is_same(standard):
                same.append(standard.code)
            else:
                written.append(write_version(text, by=by, source=source))
    return Brought(written, same)


def is_same(standard: values.Standard) -> bool:
    """Is just this the last text of its code?"""
    last = Version.objects.filter(standard__code=standard.code).order_by("-number").first()
    return last is not None and last.text == write(standard)
