"""`huixiang surveys public|poster|hand|links|codes`: who comes uninvited, what goes by hand?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from huixiang.channels.contract import Fault

if TYPE_CHECKING:
    from huixiang.apps.access.models import Staff
    from huixiang.apps.surveys.models import Survey

DEEDS = ("public", "poster", "hand", "links", "codes")


def add_deeds(deeds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    public = deeds.add_parser("public", help="开放或收回公开作答 / may everybody with the address answer")
    poster = deeds.add_parser("poster", help="网点海报 PDF / a branch's poster")
    hand = deeds.add_parser("hand", help="当面邀请一位客户 / a link for one customer")
    codes = deeds.add_parser("codes", help="同事的专属链接 / colleagues' own addresses")
    links = deeds.add_parser("links", help="取走链接名单，只能一次 / the list of links, once")
    for each in (public, poster, hand, codes):
        each.add_argument("survey", type=int, help="问卷号，见 list / its number, see list")
    links.add_argument("round", type=int, help="发送号，见 rounds / its number, see rounds")
    public.add_argument("turn", choices=("on", "off"))
    poster.add_argument("unit", help="机构号 / code of the unit")
    poster.add_argument("--out", type=Path, metavar="FILE", help="写到哪里 / where to")
    hand.add_argument("customer", help="客户号 / the bank's number of the customer")
    hand.add_argument("unit", help="机构号 / code of the unit")
    for each in (hand, codes, links):
        each.add_argument("--by", required=True, metavar="STAFF", help="经办人工号，按其权限 / acts with the rights of")


def run(args: argparse.Namespace) -> int:
    deeds = {"public": _turned, "poster": _printed, "hand": _handed, "links": _taken, "codes": _listed}
    return deeds[args.what](args)


def _turned(args: argparse.Namespace) -> int:
    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.intake.posters import public_address
    from huixiang.apps.surveys import links
    from huixiang.apps.surveys.actions import opening

    _survey(args.survey)
    turned = opening.open_to_public(args.survey, args.turn == "on", by=shell_user())
    told = "已开放 / open" if turned.is_public else "已收回 / by invitation only"
    print(told, public_address(links.public(turned), ""))
    return 0


def _printed(args: argparse.Namespace) -> int:
    from django.core.exceptions import ObjectDoesNotExist

    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.surveys import printing
    from huixiang.apps.surveys.actions import opening

    _survey(args.survey)
    try:
        survey, unit = opening.print_poster(args.survey, args.unit, by=shell_user())
    except ObjectDoesNotExist:
        raise Fault("没有机构“%(code)s”，或它已关闭", code=args.unit) from None
    place = args.out or Path(printing.file_name(survey, unit))
    try:
        place.write_bytes(printing.poster(survey, unit, _origin()))
    except OSError as error:
        raise Fault("写不了文件“%(name)s”：%(why)s", name=str(place), why=error.strerror or "") from None
    print(place)
    return 0


def _handed(args: argparse.Namespace) -> int:
    from django.core.exceptions import PermissionDenied

    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.access.models import Unit
    from huixiang.apps.surveys import handing, tokens

    survey, by = _survey(args.survey), _staff(args.by)
    unit = Unit.objects.filter(code=args.unit, closed_on=None).first()
    if unit is None:
        raise Fault("没有机构“%(code)s”，或它已关闭", code=args.unit)
    try:
        made = handing.hand_over(survey, args.customer, unit, by=by, source=shell_user())
    except PermissionDenied:
        raise Fault("工号 %(number)s 在这里没有发送问卷的权限", number=args.by) from None
    print(tokens.link(made, _origin()))
    return 0


def _taken(args: argparse.Namespace) -> int:
    from django.core.exceptions import PermissionDenied

    from huixiang.apps.access.audit import shell_user
    from huixiang.apps.surveys import handing
    from huixiang.apps.surveys.models import Round
    from huixiang.channels.export import csv_lines

    round_, by = Round.objects.select_related("survey__unit").filter(pk=args.round).first(), _staff(args.by)
    if round_ is None:
        raise Fault("没有 %(number)s 号发送", number=args.round)
    try:
        rows = handing.take_links(round_, _origin(), by=by, source=shell_user())
    except PermissionDenied:
        raise Fault("工号 %(number)s 在这里没有发送问卷的权限", number=args.by) from None
    for piece in csv_lines(list(handing.HEADER), rows):
        sys.stdout.write(piece)
    return 0


def _listed(args: argparse.Namespace) -> int:
    from huixiang.apps.access.models import Staff
    from huixiang.apps.surveys import handing
    from huixiang.apps.surveys.models import Survey

    survey, by, origin = _survey(args.survey), _staff(args.by), _origin()
    if not Survey.objects.visible_to(by, handing.RIGHT).filter(pk=survey.pk).exists():
        raise Fault("工号 %(number)s 在这里没有发送问卷的权限", number=args.by)
    for each in Staff.objects.visible_to(by, handing.RIGHT).filter(is_active=True).order_by("number"):
        if unit := handing.post_within(survey, each):
            print(f"{each.number}  {each.name}  {unit.code}  {handing.desk_link(survey, each, origin)}")
    return 0


def _origin() -> str:
    """At the shell nobody's browser tells under which name we are reached."""
    from django.conf import settings

    if not settings.PUBLIC_URL:
        raise Fault("请先设置 HUIXIANG_PUBLIC_URL：客户从哪个地址打开问卷")
    return str(settings.PUBLIC_URL)


def _survey(number: int) -> Survey:
    from huixiang.apps.surveys.models import Survey

    found = Survey.objects.select_related("unit").filter(pk=number).first()
    if found is None:
        raise Fault("没有 %(number)s 号问卷", number=number)
    return found


def _staff(number: str) -> Staff:
    from huixiang.apps.access.models import Staff

    found: Staff | None = Staff.objects.filter(number=number, is_active=True).first()
    if found is None:
        raise Fault("没有工号“%(number)s”，或已离职", number=number)
    return found
