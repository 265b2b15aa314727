"""What is it called, is it one at all, and who looks after it?"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from huixiang.apps.access.models import Staff
from huixiang.apps.needs.actions.turning import begin, clean, end
from huixiang.apps.needs.evidence import Kept, is_empty, known
from huixiang.apps.needs.models import KINDS, LONGEST_NAME, LONGEST_STATEMENT, Need
from huixiang.channels.contract import Fault


@dataclass(frozen=True, slots=True)
class Wording:
    """What people call a need: its name, one of KINDS, and how customers put it."""

    name: str
    kind: str
    statement: str = ""


def confirm(pk: int, note: str = "", *, by: Staff, source: str = "") -> Need:
    """Yes, this is a need: people stand by it from now on."""
    return _turned(pk, "confirm", note, by, source)


def reject(pk: int, note: str, *, by: Staff, source: str = "") -> Need:
    """No need, or not ours. It is not proposed again; the reason stays. Raises Fault without one."""
    if not note.strip():
        raise Fault("请说明否决的理由")
    return _turned(pk, "reject", note, by, source)


def reopen(pk: int, note: str, *, by: Staff, source: str = "") -> Need:
    """What was rejected, or held to be met, is a need after all. Raises Fault without a reason."""
    if not note.strip():
        raise Fault("请说明重新打开的理由")
    return _turned(pk, "reopen", note, by, source)


def _turned(pk: int, verb: str, note: str, by: Staff, source: str) -> Need:
    with transaction.atomic():
        need = begin(pk, verb, by)
        end(need, verb, by, source, note)
    return need


def rename(pk: int, wording: Wording, rules: list[Kept] | None = None, *, by: Staff, source: str = "") -> Need:
    """Another name, kind or wording; with `rules` another choice of voices. Raises Fault where nothing changes."""
    with transaction.atomic():
        need = begin(pk, "rename", by)
        before = {each: getattr(need, each) for each in ("name", "kind", "statement", "rules")}
        described(need, wording)
        need.rules = need.rules if rules is None else checked(rules)
        changed = {each: [old, getattr(need, each)] for each, old in before.items() if old != getattr(need, each)}
        if not changed:
            raise Fault("没有任何改动")
        # A statement may have quoted somebody: what was taken out of it stays out.
        changed |= {each: ["", ""] for each in ("statement",) if each in changed}
        end(need, "rename", by, source, changed=changed)
    return need


def described(need: Need, wording: Wording) -> Need:
    """Masked and within bounds. Raises Fault without a name, or for a kind that no need can have."""
    need.name, need.kind = clean(wording.name, LONGEST_NAME), wording.kind
    need.statement = clean(wording.statement, LONGEST_STATEMENT)
    if not need.name:
        raise Fault("请给需求起一个名称")
    if need.kind not in KINDS:
        raise Fault("没有“%(kind)s”这种性质", kind=need.kind[:40])
    return need


def checked(rules: list[Kept]) -> list[Kept]:
    """Raises Fault where a rule would choose nothing, or names a topic that is none."""
    if not rules or not all(each["every"] and not any(map(is_empty, each["every"])) for each in rules):
        raise Fault("请至少选择一个事项，或写一个词")
    for each in rules:
        known(code for group in (*each["every"], *each["none"]) for code in group["topics"])
    return rules


def assign(pk: int, number: str, *, by: Staff, source: str = "") -> Need:
    """Who looks after it? "" for nobody. Raises Fault where she could not see it."""
    with transaction.atomic():
        need = begin(pk, "assign", by)
        owner = _owner(number.strip(), need)
        if owner == need.owner:
            raise Fault("没有任何改动")
        changed = [str(person) if person else "" for person in (need.owner, owner)]
        need.owner = owner
        end(need, "assign", by, source, changed={"owner": changed})
    return need


def _owner(number: str, need: Need) -> Staff | None:
    if not number:
        return None
    person: Staff | None = Staff.objects.filter(number=number, is_active=True).first()
    if person is None or not Need.objects.filter(pk=need.pk).visible_to(person).exists():
        raise Fault("工号“%(number)s”不存在、已停用，或看不到这个需求", number=number[:32])
    return person
