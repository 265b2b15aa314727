"""Can the auditor's own system fetch the audit? By a token of hers, for what she may see, and for nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from huixiang.apps.access.models import AuditRecord, Staff
from tests import make
from tests.apps.api import Caller, caller


def test_an_auditor_makes_a_token_on_her_page_and_reads_the_audit_by_it(auditor: Staff) -> None:
    until = timezone.localdate() + timedelta(days=30)
    wanted = {"name": "审计平台", "scopes": ["audit.see"], "expires_on": until.isoformat()}
    page = make.client(auditor).post("/tokens/", wanted, follow=True)
    plain = page.context["plain"]
    api = Caller(plain)
    assert "token.create" in {each["verb"] for each in api.get("/audit").json()["items"]}
    assert api.post("/audit/verify").json()["whole"] is True
    assert "token.create" in b"".join(api.get("/audit/export").streaming_content).decode()
    assert api.get("/staff").status_code == 404


def test_who_reads_the_audit_is_read_of_there_too(auditor: Staff) -> None:
    page = make.client(auditor).get("/audit/")
    assert not any(each.verb == "audit.read" for each in page.context["records"])
    (first,) = [each for each in caller(auditor).get("/audit").json()["items"] if each["verb"] == "audit.read"]
    assert (first["actor"], first["on_kind"]) == (auditor.number, "audit")
    assert AuditRecord.objects.filter(verb="audit.read", source__contains="token:").count() == 1


def test_her_tokens_open_no_voice(auditor: Staff) -> None:
    api = caller(auditor)
    assert api.get("/audit").status_code == 200
    assert api.get("/voices").status_code == api.get("/overview").status_code == 404
