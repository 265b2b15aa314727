"""`huixiang demo`: fill a demonstration bank, once; what is there stays."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

PASSWORD = "huixiang-demo"  # noqa: S105  # printed for everybody, and refused in production
REAL_REVIEWS = "icbc_app_reviews.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--without-real", action="store_true", help="不装入真实评论 / leave the real reviews out even where they are"
    )


def run(args: argparse.Namespace) -> int:
    import django
    from django.conf import settings

    if settings.PRODUCTION:
        print("演示数据不能装入生产环境 / not in production: set HUIXIANG_MODE=demo", file=sys.stderr)
        return 1
    django.setup()
    from django.core.management import call_command

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    call_command("migrate", interactive=False, verbosity=0)
    _organisation()
    _feedback(with_real=not args.without_real)
    _tell()
    return 0


def _organisation() -> None:
    from django.utils import timezone

    from huixiang.apps.access.models import Staff
    from huixiang.apps.access.roster import files
    from huixiang.apps.access.roster.carrying import carry_out
    from huixiang.web import demo

    if Staff.objects.exists():
        return
    folder = Path(demo.__file__).parent
    given = {"units": folder / "units.csv", "staff": folder / "staff.csv"}
    plan = files.plan(given["units"], given["staff"], by="", today=timezone.localdate())
    carry_out(plan, "cli:demo", "cli", files=files.fingerprint(given))
    for person in Staff.objects.all():
        person.set_password(PASSWORD)
        person.must_change_password = False
        person.save()


def _feedback(*, with_real: bool) -> None:
    from django.utils import timezone

    from huixiang.apps.feedback.actions import Choice
    from huixiang.apps.feedback.models import Import
    from huixiang.channels import registry
    from huixiang.web.demo import files

    if not Import.objects.exclude(finished_at=None).exists():
        with tempfile.TemporaryDirectory() as folder:
            written = files.write(Path(folder), timezone.localdate() - timedelta(days=1))
            _bring(written["apple-reviews"], Choice("apple-reviews", product="手机银行"))
            _bring(written["android-reviews"], Choice("android-reviews", product="手机银行"))
            _bring(written["website"], Choice("csv", files.WEBSITE_MAPPING))
            _bring(written["suggestions"], Choice("jsonl", files.SUGGESTION_MAPPING))
    real = _shared() / REAL_REVIEWS
    if with_real and real.exists() and not Import.objects.filter(file_name=REAL_REVIEWS).exists():
        _bring(real, Choice("csv", registry.mapping_text("app-reviews-source-text")))


def _shared() -> Path:
    """Where public data may lie: beside the checkout, or where HUIXIANG_SHARED says."""
    beside = Path(__file__).resolve().parents[4].parent / "shared" / "data"
    return Path(os.environ.get("HUIXIANG_SHARED", beside))


def _bring(path: Path, choice: object) -> None:
    from huixiang.apps.feedback import importing
    from huixiang.apps.feedback.actions import open_file
    from huixiang.web.commands.import_ import Bar

    imported, _ = open_file(path, choice, actor="cli:demo")  # type: ignore[arg-type]
    with Bar(path.name) as bar:
        print(f"{path.name}：{importing.run(bar, str(imported.pk))}")


def _tell() -> None:
    from huixiang.apps.access.models import Staff

    print("\n可以这样登录（密码都是 " + PASSWORD + "） / who can log in, all with that password:")
    for person in Staff.objects.prefetch_related("posts__unit"):
        posts = "；".join(f"{post.get_role_display()} · {post.unit}" for post in person.posts.all())
        print(f"  {person.number}  {person.name}  {posts}")
    print()
