"""Which outside models may take part? `huixiang plugins check` tells; `forget` has them asked anew."""

from __future__ import annotations

import argparse
import json
from typing import Any

from huixiang.apps.feedback import rulebooks
from huixiang.channels.contract import Fault
from huixiang.plugins import checking
from huixiang.plugins.service import PREFIXES, Service, ledger, named
from huixiang.web.bilingual import both
from huixiang.web.commands.readiness import ready_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    check = verbs.add_parser("check", help="设置了什么、能否联系、预算还剩多少 / what is set, reachable, left")
    check.add_argument("--json", action="store_true", help="JSON，每行一个 / one JSON a service")
    forget = verbs.add_parser("forget", help="丢弃已知的答案，下次重新问 / throw kept answers away")
    forget.add_argument("service", choices=sorted(PREFIXES), metavar="SERVICE", help=" / ".join(sorted(PREFIXES)))


def run(args: argparse.Namespace) -> int:
    """0; `check` gives 1 where something that is set does not answer, or lacks the model. Raises Fault."""
    if args.verb == "forget":
        print(both("已丢弃 %(count)s 个答案。", {"count": _forgotten(args.service)}))
        return 0
    found = [_checked(name, service) for name in PREFIXES if (service := named(name))]
    for told in found:
        print(json.dumps(told, ensure_ascii=False) if args.json else _words(told))
    if not found and not args.json:
        print(both("没有设置任何外接模型：文本不离开本进程。"))
    return 0 if all(told["reachable"] and told["model_known"] is not False for told in found) else 1


def _forgotten(name: str) -> int:
    """With a word in the audit; a machine that only reads files has no database, and none is made for this."""
    import django

    django.setup()
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.annotation import actions

    try:
        ready_database()
    except Fault:
        with ledger() as book:
            return book.forget(name)
    return actions.forget_answers(name, by=shell_user(), source="cli")


def _checked(name: str, service: Service) -> dict[str, Any]:
    with ledger() as book:
        standing = checking.standing(service, book, rulebooks.today)
    reached = checking.reached(service)
    return {
        "service": name,
        "host": standing.host,
        "model": standing.model,
        "key": standing.has_key,
        "tls": standing.is_encrypted,
        "reachable": reached.answers,
        "model_known": reached.knows,
        "trouble": reached.trouble or None,
        "requests_today": standing.spent.requests,
        "tokens_today": standing.spent.tokens,
        "requests_left": standing.left.requests,
        "tokens_left": standing.left.tokens,
        "kept": standing.kept,
    }


def _words(told: dict[str, Any]) -> str:
    lines = [
        both("%(service)s：%(model)s，%(host)s", told),
        both("  可以联系") if told["reachable"] else both("  联系不上（%(trouble)s）", told),
        both("  今日已用：请求 %(requests_today)s，token %(tokens_today)s", told),
        both("  今日还剩：请求 %(requests_left)s，token %(tokens_left)s", told),
        both("  已知答案 %(kept)s 个", told),
    ]
    if told["model_known"] is False:
        lines.insert(2, both("  对方没有这个模型：请核对名称"))
    return "\n".join(lines)
