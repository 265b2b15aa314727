"""What does the code say about itself, for people to read? API schema, table of rights, the life of a complaint.

`python -m tests.architecture.reference` (in `make docs`) writes them; a test holds that what is committed is current.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.architecture import lifecycle_page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


def openapi() -> str:
    """In Chinese, keys sorted, so that two runs write the same bytes."""
    from django.utils import translation

    from huixiang.web.api import api

    with translation.override("zh-hans"):
        schema = api.get_openapi_schema(path_prefix="/api/v1/")
        return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def rights() -> str:
    """Roles across, rights down: a dot where the role holds the right."""
    from django.utils import translation

    from huixiang.apps.access.rights import RIGHTS, ROLE_NAMES, ROLES

    with translation.override("zh-hans"):
        names = [str(ROLE_NAMES[role]) for role in ROLES]
        lines = [
            "# 权限表 · Who may do what",
            "",
            "由 `make docs` 从 `src/huixiang/apps/access/rights.py` 生成，请勿手改。"
            "一个岗位在其机构及所有下级机构内拥有所列权限。",
            "",
            "Made by `make docs`; a post gives its role's rights inside its unit and all units below.",
            f"Roles: {_codes()}.",
            "",
            _line("权限 right", "代码 code", *names),
            _line(*["---", "---", *[":-:"] * len(names)]),
        ]
        for right, name in RIGHTS.items():
            lines.append(_line(str(name), f"`{right}`", *("●" if right in held else "" for held in ROLES.values())))
        return "\n".join(lines) + "\n"


def _codes() -> str:
    from huixiang.apps.access.rights import ROLE_NAMES, ROLES

    return ", ".join(f"{ROLE_NAMES[role]} `{role}`" for role in ROLES)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


FILES = {"openapi.json": openapi, "rights.md": rights, "../methods/complaint-lifecycle.md": lifecycle_page.page}


def write() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (FOLDER / name).write_text(text(), "utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    write()
