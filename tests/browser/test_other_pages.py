"""Does a page that no other story opens fit a phone, and does it keep nobody out?"""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Address, Visit, accessible, fits

QUALITY = (
    ("jobs",),
    ("erasures",),
    ("trends",),
    ("trend_topics",),
    ("need_new",),
    ("models",),
    ("labelling", "sentiment"),
    ("disputes", "sentiment"),
    ("tokens",),
    ("password_change",),
)
ADMINISTRATOR = (
    ("organisation",),
    ("organisation_import",),
    ("unit", "N1"),
    ("unit_change", "N1"),
    ("unit_move", "N1"),
    ("staff", "1001"),
    ("staff_new",),
)


@pytest.mark.one_database
def test_pages_without_a_story_fit_a_phone_and_are_accessible(
    bank: Any, quality: Any, administrator: Any, clerk: Any, visit: Visit, address: Address
) -> None:
    for person, places in ((quality, QUALITY), (administrator, ADMINISTRATOR), (None, (("login",),))):
        page = visit(person, phone=True)
        for place in places:
            page.goto(address(*place))
            accessible(page)
            fits(page)
