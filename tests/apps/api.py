"""Calling the API as another system of the bank does: by token, and nothing else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huixiang.apps.access.models import Staff, Token
from tests.apps.arrivals import HEADER, MAPPING, row

ROOT = "/api/v1"


def token(person: Staff, *scopes: str, **fields: Any) -> str:
    """Its plain text; without scopes all that the person holds."""
    plain = f"{Token.PREFIX}{person.number}-{Token.objects.count()}"
    rest = {"name": "test", "expires_on": timezone.localdate() + timedelta(days=9)} | fields
    chosen = sorted(scopes or person.rights)
    Token.objects.create(staff=person, hashed=Token.hash_of(plain), scopes=chosen, **rest)
    return plain


class Caller:
    """Knows one token; `language` is what it wants to be answered in."""

    def __init__(self, plain: str = "", language: str = "zh-hans") -> None:
        self.headers = {"Accept-Language": language} | ({"Authorization": f"Bearer {plain}"} if plain else {})
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def get(self, path: str, /, **query: Any) -> Any:
        return self.client.get(ROOT + path, query, headers=self.headers)

    def post(self, path: str, content: Any = None, key: str = "") -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        text = json.dumps(content) if content is not None else ""
        return self.client.post(ROOT + path, text, content_type="application/json", headers=headers)

    def put(self, path: str, content: Any) -> Any:
        text = json.dumps(content)
        return self.client.put(ROOT + path, text, content_type="application/json", headers=self.headers)

    def upload(self, file: SimpleUploadedFile, key: str = "", to: str = "/imports", **fields: str) -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(ROOT + to, {"file": file, **fields}, headers=headers)


def caller(person: Staff, *scopes: str, **fields: Any) -> Caller:
    return Caller(token(person, *scopes, **fields))


def messages(*rows: dict[str, str], name: str = "留言.csv") -> SimpleUploadedFile:
    """A file of website messages, as tests.apps.arrivals tells them; of three good ones if none are given."""
    chosen = rows or tuple(row(number) for number in range(3))
    lines = [",".join(HEADER), *(",".join(each[name] for name in HEADER) for each in chosen)]
    return SimpleUploadedFile(name, "\n".join(lines).encode(), "text/csv")


FORM = {"format": "csv", "mapping": MAPPING}
