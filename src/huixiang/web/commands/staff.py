"""`huixiang staff create-admin`: the first administrator; `… issue-password`: a way in when all are locked out."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    first = verbs.add_parser("create-admin", help="新建系统管理员 / create an administrator of the whole bank")
    first.add_argument("--number", required=True, metavar="N", help="工号 / staff number")
    first.add_argument("--name", required=True, metavar="NAME", help="姓名 / name")
    first.add_argument("--unit", default="", metavar="CODE", help="总行机构号（尚无机构时建立它） / head office's code")
    issue = verbs.add_parser("issue-password", help="发放一次性密码 / issue a one-time password")
    issue.add_argument("--number", required=True, metavar="N", help="工号 / staff number")


def run(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.exceptions import ValidationError

    from huixiang.apps.access import actions, audit
    from huixiang.apps.access.models import Staff
    from huixiang.web.commands.readiness import ready_database

    ready_database(made=True)
    by = audit.shell_user()
    try:
        person = _administrator(args, by) if args.verb == "create-admin" else Staff.objects.get(number=args.number)
        password = actions.issue_password(person, by, "cli")
    except Staff.DoesNotExist:
        print(f"没有工号 {args.number} / no such staff number", file=sys.stderr)
        return 1
    except ValidationError as refusal:
        print("\n".join(refusal.messages), file=sys.stderr)
        return 1
    print("一次性密码，72 小时内有效，首次登录后须修改")
    print("one-time password, valid for 72 hours, to be changed at the first log-in:")
    print(password)
    return 0


def _administrator(args: argparse.Namespace, by: str):  # type: ignore[no-untyped-def]  # Staff: imported after set-up
    from django.db import transaction
    from django.utils import timezone

    from huixiang.apps.access import actions
    from huixiang.apps.access.models import Unit

    with transaction.atomic():
        top = Unit.objects.filter(parent=None).first()
        if top is None:
            code = args.unit or "HQ"
            top = actions.create_unit(None, by, "cli", code=code, name="总行", kind=Unit.Kind.HEAD_OFFICE)
        person = actions.create_staff(by, number=args.number, name=args.name, source="cli")
        actions.give_post(person, top, "administrator", by, "cli", from_on=timezone.localdate(), to_on=None)
    return person
