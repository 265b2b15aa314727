"""`huixiang subscriptions list|send`: who is sent which saved view, and send what is due now."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["list", "send"], help="list 查看 / show; send 立即送出 / send what is due")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from huixiang.web.commands.readiness import ready_database

    ready_database()
    return _listed() if args.what == "list" else _sent()


def _listed() -> int:
    from huixiang.apps.subscriptions.models import Subscription

    for row in Subscription.objects.select_related("staff", "view").order_by("staff__number", "pk"):
        last = row.mails.order_by("-created_at").first()
        told = f"{last.period} {last.state} {last.failed}".strip() if last else "—"
        print(f"{row.staff.number}  {row.view.page}  {row.view.name}  {row.every}  {told}")
    return 0


def _sent() -> int:
    """Each period once, however often it is asked. 1 without a mail server."""
    from django.utils import timezone

    from huixiang.apps.intake import leaving
    from huixiang.apps.subscriptions import sending
    from huixiang.channels.contract import Fault

    if not leaving.leaves("mail"):
        raise Fault("没有设置邮件服务器；请设置 HUIXIANG_MAIL_URL 与 HUIXIANG_MAIL_FROM")
    written = sending.write_for(timezone.now())
    print(f"{written} / {leaving.send_all(sending.OURS)}")
    return 0
