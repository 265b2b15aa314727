from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from huixiang.apps.access import jobs
from tests.apps.arrivals import bring_in, row, table
from tests.browser import voices as made
from tests.browser.conftest import SCREENSHOTS, Address, Visit, fits, shot

pytestmark = pytest.mark.xdist_group("look")


def test_look(
    lake: Any,
    bank: Any,
    quality: Any,
    administrator: Any,
    auditor: Any,
    visit: Visit,
    address: Address,
    tmp_path: Any,
    live_server: Any,
) -> None:
    made.fill(lake, [*made.made_up(["N11", "N12", "S11"], timezone.localdate()), *made.undated(12)])
    bring_in(table(tmp_path / "官网留言.csv", [row(n) for n in range(40)] + [row(41, 机构="N13")]), by=quality)
    j = jobs.start("import", "导入 很长的文件名称-2026年第三季度-应用市场评论.csv", quality, import_id="x")

    trouble = []
    for lang in ("zh-hans", "en"):
        for name, size, dark in (("1280", (1280, 900), False), ("390", (390, 844), False), ("320", (320, 640), True)):
            for person, pages in (
                (quality, ("overview", "voices", "imports", "jobs", "import_new")),
                (auditor, ("audit",)),
                (administrator, ("organisation",)),
            ):
                page = visit(person, dark=dark, expect={404})
                page.set_viewport_size({"width": size[0], "height": size[1]})
                page.context.add_cookies([{"name": "django_language", "value": lang, "url": live_server.url}])
                for p in pages:
                    page.goto(address(p))
                    page.wait_for_load_state("networkidle")
                    shot(page, f"look-{p}-{lang}-{name}")
                    try:
                        fits(page)
                    except AssertionError as e:
                        trouble.append((p, lang, name, str(e)[:300]))
                    if name == "1280" and p in ("overview", "voices"):
                        page.pdf(path=SCREENSHOTS / f"look-{p}-{lang}.pdf", prefer_css_page_size=True)
                page.context.close()
    print("\n".join(map(str, trouble)))
    assert not trouble
