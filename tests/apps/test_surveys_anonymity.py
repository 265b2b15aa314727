"""Can anybody who holds the database tell which customer gave which anonymous answer? Tried by every way there is."""

from __future__ import annotations

import logging
import random
import subprocess
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.access.sealing import unseal
from huixiang.apps.surveys import links, mixing
from huixiang.apps.surveys.models import Draft, Invitation, Response, Survey, Version
from huixiang.apps.surveys.submitting import Entry, submit
from huixiang.domain.surveys.scores import FEWEST
from huixiang.web.logs import Discreet
from huixiang.web.supervisor import commands
from tests.apps.surveys_cast import Customer, invite, survey
from tests.make import Bank

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version(bank: Bank) -> Version:
    return survey(bank.north_branch, is_anonymous=True, is_public=False)


def sends(version: Version, token: str, said: str, **when: Any) -> None:
    """As the page does: the key is the page's own, nothing of the invitation's."""
    invitation = Invitation.objects.select_related("unit").get(token=links.hashed(token))
    entry = Entry(
        version=version,
        once=links.once(f"page {said}"),
        answers={"nps": 3, "why": said},
        shown=["nps", "why"],
        language="zh",
        via="invitation",
        invitation=invitation,
        seconds=47,
    )
    submit(entry, timezone.now() + timedelta(**when))


def said_by(response: Response) -> str:
    return str(unseal(response.sealed or b"")["answers"]["why"])


def column(table: str, name: str) -> dict[str, Any]:
    """What the database itself notes with each row: the place, or the transaction that wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {name} FROM {table}")
        return {str(key).replace("-", ""): value for key, value in cursor.fetchall()}


def test_through_the_pages_nothing_is_kept_before_and_nothing_joins_after(
    version: Version, caplog: pytest.LogCaptureFixture, data: Path
) -> None:
    tokens = invite(version, FEWEST, probability=0.2)
    with caplog.at_level(logging.DEBUG):
        for token in tokens:
            customer = Customer(links.invited(token)).presses(nps="2")
            assert "匿名" in Customer(links.invited(token)).reads
            assert not Draft.objects.exists()
            customer.presses()  # "why" stays open
            customer.presses()
            assert customer.is_thanked
            assert "每个链接只计一次" in Customer(links.invited(token)).reads
        Customer(links.invited("a-secret-that-nobody-has"))
    assert mixing.mix() == FEWEST
    found = list(Response.objects.all())
    known = {str(value) for row in Invitation.objects.values("id", "token", "customer") for value in row.values()}
    for answer in found:
        assert (answer.invitation, answer.answered_at, answer.answered_on.weekday()) == (None, None, 0)
        shared = [str(value) for value in vars(answer).values() if str(value) in known]
        assert not shared, "no value of an invitation's own stands in an answer"
        stamp = int.from_bytes(__import__("base64").urlsafe_b64decode(bytes(answer.sealed or b""))[1:9])
        assert stamp == 0, "a sealed text tells its second to everybody"
    outside = {(a.unit_id, a.tier, a.stratum, a.weight, a.via, a.answered_on, a.version_id) for a in found}
    assert len(outside) == 1, "by what an invitation has too, all ten are alike"
    logged = "\n".join(Discreet().format(record) for record in caplog.records)
    assert not [token for token in [*tokens, "a-secret"] if token in logged]


def test_neither_order_nor_place_nor_transaction_tells_who_was_first(version: Version) -> None:
    """Six rounds of ten: the order in which they came against the order in which they stand."""
    agreements = Counter[str]()
    for round_ in range(6):
        said = [f"{round_}-{number}" for number in range(FEWEST)]
        tokens = invite(version, FEWEST)
        came = dict(zip(tokens, said, strict=True))
        for token in tokens:
            sends(version, token, came[token])
        before = set(Response.objects.filter(is_mixed=True).values_list("pk", flat=True))
        assert mixing.mix() == FEWEST
        fresh = [row for row in Response.objects.exclude(pk__in=before)]
        assert sorted(map(said_by, fresh)) == said, "every answer is there, once"
        places = column("surveys_response", "ctid::text" if connection.vendor == "postgresql" else "rowid")
        orders = {"id": sorted(fresh, key=lambda one: one.pk.hex)}
        if connection.vendor == "sqlite":
            orders["place"] = sorted(fresh, key=lambda one: places[one.pk.hex])
        else:
            orders["place"] = sorted(fresh, key=lambda one: eval(places[one.pk.hex]))
            written = column("surveys_response", "xmin::text")
            assert len({written[one.pk.hex] for one in fresh}) == 1, "one transaction wrote all ten"
            used = column("surveys_invitation", "xmin::text")
            hashes = Invitation.objects.filter(token__in=[links.hashed(token) for token in tokens])
            assert len({used[one.pk.hex] for one in hashes}) == 1, "and all ten invitations"
            where = column("surveys_invitation", "ctid::text")
            by_place = sorted(hashes, key=lambda one: eval(where[one.pk.hex]))
            agreements["invitations"] += _agree([one.token for one in by_place], [links.hashed(t) for t in tokens])
        for name, order in orders.items():
            agreements[name] += _agree(list(map(said_by, order)), said)
    # 60 places, of which chance hits 6: more than 22 happens less than once in a million times.
    assert all(count <= 22 for count in agreements.values()), agreements
    assert agreements


def _agree(order: list[str], other: list[str]) -> int:
    return sum(a == b for a, b in zip(order, other, strict=True))


def test_postgresql_could_join_while_it_waits_and_cannot_any_more(version: Version) -> None:
    """The join that the mixing exists to destroy: it works before, so the test would see it if it worked after."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite notes no transaction with a row")
    tokens = invite(version, FEWEST)
    for token in tokens:
        sends(version, token, token)
    join = "SELECT i.id, r.id FROM surveys_invitation i JOIN surveys_response r ON i.xmin = r.xmin"
    with connection.cursor() as cursor:
        cursor.execute(join)
        assert len(cursor.fetchall()) == FEWEST, "one to one, while they wait"
        mixing.mix()
        cursor.execute(join)
        assert len(cursor.fetchall()) == FEWEST**2, "each with each: the group is known, nobody in it"
        mixing.clean()
        cursor.execute("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'surveys_response'")
        assert cursor.fetchall() in ([(0,)], [(FEWEST,)])  # statistics follow a moment later


def test_sqlites_file_holds_no_answer_in_the_form_in_which_it_waited(version: Version) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are cleaned by VACUUM")
    tokens = invite(version, FEWEST)
    for token in tokens:
        sends(version, token, token)
    waited = [bytes(row) for row in Response.objects.values_list("sealed", flat=True)]
    ids = [pk.hex.encode() for pk in Response.objects.values_list("pk", flat=True)]
    mixing.mix()
    mixing.clean()
    name = Path(connection.settings_dict["NAME"])
    files = [path for path in name.parent.glob(f"{name.name}*") if not path.name.endswith("-shm")]
    # By another process: who opens and closes the file in this one drops its locks, and others then lose the log.
    content = subprocess.check_output(["cat", *files])
    assert not [text for text in [*waited, *ids] if text[:60] in content]


@pytest.mark.one_database
def test_who_stands_alone_waits_and_gives_up_what_would_betray_her(version: Version, bank: Bank) -> None:
    gold = invite(version, 1, unit=bank.north_outlet, tier="gold", stratum="N11/gold", probability=1.0)
    plain = invite(version, 9, unit=bank.north_outlet, tier="mass", stratum="N11/mass", probability=0.25)
    other = invite(version, 2, unit=bank.north_outlet_2, tier="mass", stratum="N12/mass")
    everybody = [*gold, *plain, *other]
    random.shuffle(everybody)
    for number, token in enumerate(everybody):
        sends(version, token, str(number))
    assert mixing.mix() == 0, "nobody has nine others who look alike"
    assert Response.objects.waiting().count() == 0, "and nothing of them reaches a result"
    assert mixing.waiting_for_company(version.survey) == 12
    Survey.objects.update(state="closed")
    assert mixing.mix() == FEWEST
    moved = Response.objects.filter(is_mixed=True)
    assert {(one.unit, one.tier, one.stratum, one.weight) for one in moved} == {(bank.north_outlet, "", "", 37 / 10)}
    assert mixing.waiting_for_company(version.survey) == 2, "two alone stay shut for good"


@pytest.mark.one_database
def test_a_week_is_the_groups_and_other_weeks_do_not_stand_out(version: Version) -> None:
    for number, token in enumerate(invite(version, FEWEST)):
        sends(version, token, str(number), days=7 * (number == 4))
    mixing.mix()
    assert Response.objects.values("answered_on").distinct().count() == 1


@pytest.mark.one_database
def test_who_came_by_a_poster_waits_for_company_too(bank: Bank) -> None:
    """A colleague saw her scan it: her words alone, with her branch and week, would be hers."""
    version = survey(bank.north_branch, is_anonymous=True)
    assert Customer(links.public(version.survey, bank.north_outlet)).answers().is_thanked
    _scanned(version, bank.north_outlet_2, 8)
    Survey.objects.update(state="closed")
    assert mixing.mix() == 0, "nine are too few, even at the end and without their branch"
    _scanned(version, bank.north_outlet, 1)
    assert mixing.mix() == FEWEST
    assert set(Response.objects.values_list("unit", "is_mixed")) == {(None, True)}


def _scanned(version: Version, unit: Unit, count: int) -> None:
    Survey.objects.update(state="open")
    via = Response.objects.values_list("via", flat=True)[0]
    for number in range(count):
        once = links.once(f"{unit.code} {count} {number}")
        told = {"nps": 3, "why": "好"}
        submit(Entry(version, once, told, ["nps", "why"], "zh", via, unit), timezone.now())
    Survey.objects.update(state="closed")


@pytest.mark.one_database
def test_the_web_server_writes_no_line_for_a_visit() -> None:
    """An address, a moment and a secret link in one line: gunicorn's access log would be all that it takes."""
    started = " ".join(commands("127.0.0.1", 8000, 2)["web"])
    assert "--access-logfile" not in started
    line = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "Internal Server Error: %s", ("/s/i/s3cret/",), None
    )
    assert Discreet().format(line) == "Internal Server Error: /s/…"
