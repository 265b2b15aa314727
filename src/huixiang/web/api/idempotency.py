"""What if an answer is lost on its way and the caller asks again? With the same Idempotency-Key, nothing is done twice.

What was done is noted in the transaction that does it: killed after it, the same request is told that it is done.

After the IETF draft "The Idempotency-Key HTTP Header Field". Only what succeeded is remembered: a refused request has
changed nothing, and may be sent again with its key.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import answers
from huixiang.apps.access.models import RememberedAnswer, Token
from huixiang.apps.access.sealing import key_for
from huixiang.web.api.problems import Invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
VALID = re.compile(r"[!-~]{1,255}")  # visible ASCII


def once(request: HttpRequest, token: Token, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work, or give the answer that it had before. Raises KeyReused, StillRunning, AnswerLost or Invalid."""
    key = request.headers.get(HEADER)
    if key is None:
        return work()
    if not VALID.fullmatch(key):
        raise Invalid("header", HEADER, _("应为 1 到 255 个可见的 ASCII 字符"))
    claimed, answered = answers.claim(token, key, fingerprint(request), timezone.now())
    if answered:
        return _again(claimed)
    try:
        with answers.at_work_on(claimed):
            response = work()
    except Exception:
        answers.release(claimed)
        raise
    if response.status_code < 400:
        body, location = response.content.decode(), response.get("Location", "")
        answers.settle(claimed, response.status_code, body, location)
    else:
        answers.release(claimed)
    return response


def fingerprint(request: HttpRequest) -> str:
    """Is it the same request? HMAC-SHA256 over method, address and content; files are read piece by piece.

    Keyed, like all we keep of what people say: a short body, a customer's number in it, could be tried out otherwise.
    Of a form its fields and files count, not its bytes: their boundaries differ each time a client sends them.
    """
    hasher = hmac.new(key_for("idempotency v1"), digestmod="sha256")

    def take(*parts: str) -> None:
        for part in parts:
            encoded = part.encode("utf-8", "surrogatepass")
            hasher.update(len(encoded).to_bytes(8, "big") + encoded)

    take(request.method or "", request.get_full_path())
    if request.content_type != "multipart/form-data":
        hasher.update(request.body)
        return hasher.hexdigest()
    for name, values in sorted(request.POST.lists()):
        take(name, *map(str, values))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            take(name, file.name or "", str(file.size))
            for chunk in file.chunks():
                hasher.update(chunk)
            file.seek(0)
    return hasher.hexdigest()


def _again(known: RememberedAnswer) -> HttpResponse:
    assert known.status is not None
    response = HttpResponse(answers.content(known), status=known.status, content_type="application/json; charset=utf-8")
    response[REPLAYED] = "true"
    if known.location:
        response["Location"] = known.location
    return response
