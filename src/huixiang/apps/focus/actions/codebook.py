"""What may be said of an utterance? Matters of the bank's tree, and words of the study's own, mended as it goes on."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils.translation import override

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import findings
from huixiang.apps.focus import reaching
from huixiang.apps.focus.actions.coding import CODE
from huixiang.apps.focus.actions.planning import MANAGE
from huixiang.apps.focus.models import Code, Coding, Session, Study, Theme
from huixiang.channels.contract import Fault

MOST_CODES = 120  # a codebook that nobody can hold in mind codes nothing
LONGEST_NAME, LONGEST_DEFINITION = 60, 400


def add_code(
    study_pk: int, name: str = "", definition: str = "", *, topic: str = "", by: Staff, source: str = ""
) -> Code:
    """A word of its own, or a matter of the tree by its code. Of a coder too: open coding makes the book.

    One that is there already is given back. Raises Fault.
    """
    with transaction.atomic():
        study = _study(study_pk, by)
        if topic and not findings.knows("taxonomy", topic):
            raise Fault("分类树里没有“%(code)s”", code=topic[:40])
        name = _of_tree(topic) if topic else _named(name)
        if known := study.codes.living().filter(name=name).first():
            return known
        if study.codes.living().count() >= MOST_CODES:
            raise Fault("代码本最多 %(most)s 个代码；请先合并相近的", most=MOST_CODES)
        made = Code.objects.create(
            study=study, topic=topic, name=name, definition=reaching.clean(definition, LONGEST_DEFINITION), by=by
        )
        audit.record("focus.code_add", by=by, on_kind="study", on_id=study_pk, source=source, code=made.pk)
    return made


def rename_code(pk: int, name: str, definition: str, *, by: Staff, source: str = "") -> Code:
    """Raises Fault for a name that another code has, or for one of the tree: that is the bank's."""
    with transaction.atomic():
        code = _living(pk, by)
        name = code.name if code.topic else _named(name)
        if code.study.codes.living().filter(name=name).exclude(pk=pk).exists():
            raise Fault("代码本里已有“%(name)s”；意思相同就合并", name=name)
        code.name, code.definition = name, reaching.clean(definition, LONGEST_DEFINITION)
        code.save(update_fields=["name", "definition"])
        audit.record("focus.code_rename", by=by, on_kind="study", on_id=code.study_id, source=source, code=pk)
    return code


def merge_codes(pk: int, into: int, *, by: Staff, source: str = "") -> Code:
    """What was coded with the one counts as the other from now on, in codings and in themes. Raises Fault."""
    with transaction.atomic():
        code, target = _living(pk, by), _living(into, by)
        if code.pk == target.pk or code.study_id != target.study_id:
            raise Fault("请选择同一研究的另一个代码")
        for kind in (Coding, Theme):
            for row in kind.objects.filter(codes=code):
                row.codes.remove(code)
                row.codes.add(target)
        Code.objects.filter(pk=pk).update(merged_into=target)
        told: dict[str, Any] = {"code": pk, "into": into}
        audit.record("focus.code_merge", by=by, on_kind="study", on_id=code.study_id, source=source, **told)
    return target


def _study(pk: int, by: Staff) -> Study:
    """The study's managers, and who codes one of its talks."""
    study = Study.objects.select_related("unit").select_for_update(of=("self",)).filter(pk=pk).first()
    if study is None:
        raise ObjectDoesNotExist
    is_coder = Session.objects.visible_to(by, CODE).filter(study=study, coders=by).exists()
    if not (by.holds(MANAGE, study.unit) or is_coder):
        raise ObjectDoesNotExist
    return study


def _living(pk: int, by: Staff) -> Code:
    found = Code.objects.living().select_related("study").filter(pk=pk).first()
    if found is None:
        raise ObjectDoesNotExist
    reaching.study(found.study_id, MANAGE, by)
    return found


def _of_tree(topic: str) -> str:
    """In Chinese, whoever adds it: the book is one for all."""
    with override("zh-hans"):
        return findings.name("taxonomy", topic)[:LONGEST_NAME]


def _named(name: str) -> str:
    name = reaching.clean(" ".join(name.split()), LONGEST_NAME)
    if not name:
        raise Fault("请给代码起一个名称", column="name")
    return name
