"""`huixiang demo`: fill a demonstration bank, once; what is there stays."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from huixiang.web.commands import demo_bringing, simulate

if TYPE_CHECKING:
    from huixiang.apps.access.models import Staff

PASSWORD = "huixiang-demo"  # noqa: S105  # printed for everybody, and refused in production
REAL_REVIEWS = "icbc_app_reviews.csv"
BRANCHES, MONTHS = 40, 18  # of the made-up bank: a region of a big bank, ready in a minute


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--without-real", action="store_true", help="不装入真实评论 / leave the real reviews out even where they are"
    )
    parser.add_argument(
        "--branches",
        default=str(BRANCHES),
        metavar="N",
        help=f"模拟银行的网点数，4 以上（{BRANCHES}） / outlets of the made-up bank, 4 or more ({BRANCHES})",
    )
    parser.add_argument(
        "--months",
        default=str(MONTHS),
        metavar="N",
        help=f"模拟的月数（{MONTHS}） / months of its history ({MONTHS})",
    )


def run(args: argparse.Namespace) -> int:
    import django
    from django.conf import settings

    if settings.PRODUCTION:
        print("演示数据不能装入生产环境 / not in production: set HUIXIANG_MODE=demo", file=sys.stderr)
        return 1
    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from huixiang.apps.feedback import facts, rises
    from huixiang.apps.reputation import bursts
    from huixiang.apps.standards import monitoring
    from huixiang.web.demo import (
        banks,
        correcting,
        deeds,
        ideas,
        inspections,
        labelling,
        needs,
        request,
        standards,
        talks,
        trial,
    )

    exports: Path = settings.DATA_DIR / "demo-bank"
    if failed := simulate.answered(lambda: _simulated(exports, branches=args.branches, months=args.months), exports):
        return failed
    call_command("migrate", interactive=False, verbosity=0)
    facts.lake().upgrade()
    _organisation(exports)
    banks.name_them(exports)
    _listen(exports, with_real=not args.without_real)
    today = timezone.localdate()
    request.erase_a_customer(exports)
    correcting.correct_some(exports)
    labelling.label_some(exports)
    trial.read_on_trial()
    rises.watch_topics(timezone.now())
    bursts.watch_reviews(timezone.now())
    needs.tend(today)
    talks.hold(exports)
    talks.prepare_one(today)
    deeds.tell(today)
    ideas.tend()
    standards.tend(today)
    inspections.tend(today)
    _complaints(exports)
    monitoring.watch(timezone.now())
    _tell(exports)
    return 0


def _listen(exports: Path, *, with_real: bool) -> None:
    """All that customers said. Their calls and tickets, which are many, come in meanwhile."""
    from django.utils import timezone

    from huixiang.web.demo import (
        boxes,
        forum,
        mailbox,
        open_survey,
        slips,
        survey_results,
        survey_rounds,
        tokens,
        visitors,
    )

    records = demo_bringing.records_beside(exports)
    _voices(exports, with_real=with_real)
    survey_results.bring_answers(exports)
    survey_rounds.hold(exports)
    open_survey.open_one()
    boxes.open_everywhere()
    slips.read_some()
    mailbox.open_paused()
    forum.ask_once(exports)
    tokens.give_some()
    visitors.bring_the_book(timezone.localdate())
    records.wait()


def _complaints(exports: Path) -> None:
    """The old register before the new cases: what gathers is looked for in what the made-up bank itself wrote."""
    from django.utils import timezone

    from huixiang.web.demo import complaint_reports, complaint_work, complaints, register

    now = timezone.now()
    register.bring(exports, now)
    complaints.open_some()
    complaint_work.tend(now)
    complaint_reports.write(exports, now)


def _simulated(folder: Path, **size: str) -> None:
    """The made-up bank's exports, up to yesterday; begun anew where a run was broken off."""
    from django.utils import timezone

    from huixiang.simulation import run as simulation
    from huixiang.simulation import scenario, writing

    if (folder / "truth.json").exists():
        return
    yesterday = timezone.localdate() - timedelta(days=1)
    wanted = {key: simulate.read(key, text) for key, text in size.items()}
    bank = scenario.named("planted").sized(until=yesterday, **wanted)
    for left_over in (folder, writing.part_of(folder)):
        shutil.rmtree(left_over, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    print(f"模拟一家银行 {bank.months} 个月的服务 / {bank.months} months of a made-up bank:")
    for sentence in simulation.live(bank, folder, warn=simulate.warned):
        print(f"  {sentence}", flush=True)


def _organisation(exports: Path) -> None:
    """Units and staff as the personnel system exports them, and a cast of people who can log in."""
    from django.utils import timezone

    from huixiang.apps.access.models import Staff
    from huixiang.apps.access.roster import files
    from huixiang.apps.access.roster.carrying import carry_out
    from huixiang.web import demo

    if Staff.objects.exists():
        return
    cast = Path(demo.__file__).with_name("staff.csv")
    for given in (
        {"units": exports / "people" / "机构.csv", "staff": exports / "people" / "人员.csv"},
        {"staff": cast},
    ):
        plan = files.plan(given.get("units"), given["staff"], by="", today=timezone.localdate())
        carry_out(plan, "cli:demo", "cli", files=files.fingerprint(given))
    for person in _cast():
        person.set_password(PASSWORD)
        person.must_change_password = False
        person.save()


def _cast() -> list[Staff]:
    from huixiang.apps.access.models import Staff
    from huixiang.web import demo

    lines = Path(demo.__file__).with_name("staff.csv").read_text("utf-8").splitlines()[1:]
    numbers = {line.partition(",")[0] for line in lines}
    return list(Staff.objects.filter(number__in=numbers).prefetch_related("posts__unit").order_by("number"))


def _voices(exports: Path, *, with_real: bool) -> None:
    from huixiang.apps.feedback.actions import Choice
    from huixiang.channels import registry
    from huixiang.web.demo.exports import voices

    real = _shared() / REAL_REVIEWS
    given = {exports / name: choice for name, choice in voices(exports).items()}
    if with_real and real.exists():
        given[real] = Choice("csv", registry.mapping_text("app-reviews-source-text"))
    demo_bringing.bring_all(given)


def _shared() -> Path:
    """Where public data may lie: beside the checkout, or where HUIXIANG_SHARED says."""
    beside = Path(__file__).resolve().parents[4].parent / "shared" / "data"
    return Path(os.environ.get("HUIXIANG_SHARED", beside))


def _tell(exports: Path) -> None:
    print(f"\n各系统的导出文件与植入的真相 / the exports, and what is true of them: {exports}")
    print("可以这样登录（密码都是 " + PASSWORD + "） / who can log in, all with that password:")
    for person in _cast():
        posts = "；".join(f"{post.get_role_display()} · {post.unit}" for post in person.posts.all())
        print(f"  {person.number}  {person.name}  {posts}")
    print()
