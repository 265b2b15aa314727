"""Makers of what tests need, as plain functions: `make.staff("1001", bank.north_outlet, "staff")`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from huixiang.apps.access.models import Post, Staff, Unit
from huixiang.apps.feedback import identity
from huixiang.domain.feedback import Record

LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Bank:
    """A head office, two regions, and in each a branch with an outlet; north has a second outlet."""

    head_office: Unit
    north: Unit
    north_branch: Unit
    north_outlet: Unit
    north_outlet_2: Unit
    south: Unit
    south_branch: Unit
    south_outlet: Unit


def unit(code: str, kind: str, parent: Unit | None = None, **fields: Any) -> Unit:
    path = f"{parent.path if parent else '/'}{code}/"
    return Unit.objects.create(
        code=code, kind=kind, parent=parent, path=path, **{"name": f"{code}{Unit.Kind(kind).label}"} | fields
    )


def bank() -> Bank:
    head_office = unit("HQ", "head_office", name="海川银行总行")
    north = unit("N", "region", head_office, name="北方分行")
    south = unit("S", "region", head_office, name="南方分行")
    north_branch = unit("N1", "branch", north, name="北山支行")
    south_branch = unit("S1", "branch", south, name="南湖支行")
    return Bank(
        head_office=head_office,
        north=north,
        north_branch=north_branch,
        north_outlet=unit("N11", "outlet", north_branch, name="北山一路网点"),
        north_outlet_2=unit("N12", "outlet", north_branch, name="北山二路网点"),
        south=south,
        south_branch=south_branch,
        south_outlet=unit("S11", "outlet", south_branch, name="南湖一路网点"),
    )


def staff(number: str, at: Unit | None = None, role: str = "staff", **fields: Any) -> Staff:
    """A person with one post for long; without `password` nobody can log in as her but `client`."""
    person = Staff.objects.create_user(number=number, **{"name": f"员工{number}"} | fields)
    if at:
        post(person, at, role)
    return person


def post(person: Staff, at: Unit, role: str, from_on: date = LONG_AGO, to_on: date | None = None) -> Post:
    return Post.objects.create(staff=person, unit=at, role=role, from_on=from_on, to_on=to_on)


def voice_id(record: Record) -> str:
    """Under which id is this record kept?"""
    return record.voice_id(identity.voice_key())


def client(person: Staff | None = None) -> Client:
    """A browser in which this person is logged in."""
    browser = Client()
    if person:
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return browser
