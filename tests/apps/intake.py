"""A customer and her telephone, as tests tell it."""

from __future__ import annotations

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huixiang.apps.access.models import Unit
from huixiang.apps.intake import actions
from huixiang.apps.intake.actions.boxes import Terms
from huixiang.apps.intake.models import PostBox
from tests.channels.test_pictures import photo

SAID = "排队等了一个多小时，只开一个窗口，太慢了。"
CODE = re.compile(r"data-code>([\d ]{17})<")
KEY = re.compile(r'name="key" value="([^"]+)"')


def box(unit: Unit, kind: str = "suggestion_box", **terms: Any) -> PostBox:
    chosen = {"name": f"{unit.name}意见箱", "retention_days": 180} | terms
    return actions.open_box(unit, kind, Terms(**chosen), by="cli:test")


class Customer:
    """Has no account, no cookies, and a page that she opened."""

    def __init__(self, box: PostBox, address: str = "10.1.1.1") -> None:
        self.browser = Client(enforce_csrf_checks=True, REMOTE_ADDR=address)
        self.place = f"/b/{box.slug}/"
        self.key = self.opened()

    def opened(self) -> str:
        found = KEY.search(self.browser.get(self.place).content.decode())
        return found[1] if found else ""

    def sends(self, text: str = SAID, photos: int = 0, **fields: str) -> Any:
        """Presses the button of the page she has open."""
        files = [SimpleUploadedFile(f"IMG_{n}.jpg", photo(size=(64 + n, 48))) for n in range(photos)]
        content = {"key": self.key, "text": text, **fields} | ({"photos": files} if files else {})
        return self.browser.post(self.place, content)

    def looks_up(self, code: str, **fields: str) -> Any:
        return self.browser.post("/t/", {"code": code, **fields})


def code_of(response: Any) -> str:
    """What stands on the receipt."""
    found = CODE.search(response.content.decode())
    assert found, response.content.decode()
    return found[1]


def hostile() -> SimpleUploadedFile:
    return SimpleUploadedFile("单据.jpg", io.BytesIO(b"<script>alert(1)</script>").read(), "image/jpeg")
