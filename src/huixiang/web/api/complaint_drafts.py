"""What is proposed to who works on a complaint, and what left? Letters, drafted and as files; proposed classes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Path, Router, Schema
from pydantic import Field, WithJsonSchema

from huixiang.apps.access.sealing import Unsealable
from huixiang.apps.complaints import classing, letter_files
from huixiang.apps.complaints.drafting import drafted
from huixiang.domain.complaints.letters import TITLES
from huixiang.domain.complaints.lifecycle import HANDLE
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.complaint_shapes import Number
from huixiang.web.api.complaints import SEE, seen
from huixiang.web.api.shapes import Word

router = Router(tags=["complaints"])
Axis = Literal["channel", "business", "cause"]
LetterVerb = Annotated[str, WithJsonSchema({"type": "string", "enum": list(TITLES)})]
Seq = Annotated[int, Field(ge=1, le=2**31 - 1)]
_FILE = {"schema": {"type": "string", "format": "binary"}}
_FILES = {media_type: _FILE for media_type, _made in letter_files.KINDS.values()}
LETTER: dict[str, Any] = {"responses": {200: {"description": "OK", "content": _FILES}}}


class LetterDraftOut(Schema):
    """Where 〔请填写：…〕 stands a person still has to write. `letter` goes with the verb: it says by which version of
    which text the letter was made.
    """

    title: str
    words: str
    letter: str


class ProposedClassOut(Schema):
    """What the model says of one axis of JR/T 0169; `code` null: it does not know. `why` are the words that decided."""

    axis: Axis
    code: str | None
    title: str | None
    probability: float
    why: list[str]
    others: list[str]


@router.get(
    "/complaints/{case_number}/drafts/{letter_verb}",
    auth=Bearer(HANDLE),
    response=LetterDraftOut,
    summary=gettext_noop("用模板起草一份公文"),
)
def draft_letter(
    request: HttpRequest, case_number: Path[Number], letter_verb: Path[LetterVerb], reason: Word = ""
) -> LetterDraftOut:
    """`reason` is that of a refusal or a pause. Nothing is done by it."""
    if letter_verb not in TITLES:
        raise Http404
    words, text = drafted(seen(request, case_number), letter_verb, reason=reason)
    return LetterDraftOut(title=text.title, words=words, letter=text.version)


@router.get(
    "/complaints/{case_number}/letters/{seq}/{ending}",
    auth=SEE,
    openapi_extra=LETTER,
    summary=gettext_noop("一份公文的文件"),
)
def fetch_letter(
    request: HttpRequest, case_number: Path[Number], seq: Path[Seq], ending: Path[Literal["pdf", "docx"]]
) -> HttpResponse:
    """Of the line `seq`. The complainant is named in it only with complaint.identity; each reading is on record."""
    try:
        content = letter_files.letter(seen(request, case_number), seq, ending, by=who(request), source=source(request))
    except Unsealable:
        raise Http404 from None
    response = HttpResponse(content, content_type=letter_files.KINDS[ending][0])
    response["Content-Disposition"] = f'attachment; filename="{case_number}-{seq}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@router.get(
    "/complaints/{case_number}/proposed-classes",
    auth=SEE,
    response=list[ProposedClassOut],
    summary=gettext_noop("模型建议的分类及依据"),
)
def propose_classes(request: HttpRequest, case_number: Path[Number]) -> list[ProposedClassOut]:
    """What holds is what a person chose, by `classify`."""
    return [_proposed(each) for each in classing.proposed(seen(request, case_number))]


def _proposed(found: classing.Proposal) -> ProposedClassOut:
    choice = found.choice
    return ProposedClassOut(
        axis=cast(Axis, found.axis),
        code=choice.code if choice else None,
        title=choice.title if choice else None,
        probability=found.probability,
        why=list(found.why),
        others=[each.code for each in found.others],
    )
