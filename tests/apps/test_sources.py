"""Do mailboxes and feeds come in by themselves, each voice once, whatever the other side does and whenever we die?"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from PIL import Image

from huixiang import loop
from huixiang.apps.access import jobs
from huixiang.apps.access.models import AuditRecord, Job, Post
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import attachments, importing
from huixiang.apps.feedback.models import Attachment, Import, Quarantined
from huixiang.apps.sources import actions, taking
from huixiang.apps.sources.actions import Wanted
from huixiang.apps.sources.models import Source
from huixiang.channels.contract import Fault
from huixiang.lake.store import Lake
from huixiang.polling import mailbox
from huixiang.polling.doors import Door, Limits
from huixiang.web.cli import main
from tests import dovecot, feeds, make
from tests.apps.api import caller
from tests.apps.arrivals import bring_in, spoken
from tests.channels.letters import letter, mbox
from tests.dovecot import SECRET, Dovecot
from tests.feeds import FeedServer, item

pytestmark = pytest.mark.skipif(bool(dovecot.why_not()), reason=dovecot.why_not())


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with Dovecot() as found:
        yield found


@pytest.fixture(autouse=True)
def allowed(server: Dovecot, settings: Any) -> None:
    settings.SOURCES, settings.SOURCES_CA = [server.address, server.encrypted], str(server.authority)


@pytest.fixture
def forum(settings: Any) -> Iterator[FeedServer]:
    with feeds.serving() as found:
        settings.SOURCES = [*settings.SOURCES, found.url]
        yield found


@pytest.fixture
def account(request: pytest.FixtureRequest) -> str:
    """A mailbox of the test's own: any name is one."""
    return f"box{abs(hash(request.node.nodeid))}"


def mail_source(server: Dovecot, account: str, by: Any, **fields: Any) -> Source:
    wanted = {"name": "投诉邮箱", "kind": "imap", "address": server.encrypted, "channel": "website", "account": account}
    return actions.add_source(Wanted(**wanted | {"secret": SECRET} | fields), by=by)


def feed_source(forum: FeedServer, by: Any, **fields: Any) -> Source:
    wanted = {"name": "论坛", "kind": "feed", "address": f"{forum.url}/rss", "channel": "social"}
    return actions.add_source(Wanted(**wanted | fields), by=by)


def poll(source: Source) -> Job:
    """As a worker does it."""
    job = taking.start(Source.objects.get(pk=source.pk))
    jobs.perform.func(str(job.pk))
    job.refresh_from_db()
    source.refresh_from_db()
    return job


@pytest.mark.one_database
def test_new_mails_come_in_once_and_stay_untouched(
    server: Dovecot, account: str, quality: Any, lake: Lake, tmp_path: Path
) -> None:
    mails = [
        letter("排队太久", number="1"),
        letter("吞卡了", number="2"),
        letter(number="3", Auto_Submitted="auto-replied"),
    ]
    server.put(account, *mails)
    source = mail_source(server, account, quality)
    loop.each_moment(timezone.now())
    source.refresh_from_db()
    assert source.state == "working"
    jobs.perform.func(str(source.job_id))
    source.refresh_from_db()
    assert (source.state, source.reached["uid"]) == ("waiting", 3)
    assert {voice.text for voice in spoken(lake)} == {"排队太久", "吞卡了"}
    assert Quarantined.objects.get().column == "自动邮件"
    assert all(b"\\Seen" not in flags for flags in server.flags(account))
    assert poll(source).outcome == "没有新的内容。"
    assert Import.objects.count() == 1
    server.put(account, letter("第三封", number="4"))
    assert "新增 1" in poll(source).outcome
    # The same mails by a file: they are those that are there.
    box = tmp_path / "投诉.mbox"
    box.write_bytes(mbox(*mails))
    bring_in(box, form="mbox", mapping="")
    assert len(spoken(lake)) == 3
    made = AuditRecord.objects.filter(verb="import.run", source=f"source:{source.pk}")
    assert made.count() == 2
    assert SECRET not in str(list(Source.objects.values())) + str(list(AuditRecord.objects.values("detail")))


@pytest.mark.one_database
def test_what_a_mail_encloses_is_kept_once_and_opened_by_a_right(
    server: Dovecot,
    account: str,
    quality: Any,
    bank: make.Bank,
    lake: Lake,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(photo, "PNG")
    parts = [
        ("text/plain; charset=utf-8", "", "见附件".encode()),
        ("image/png", "回单.png", photo.getvalue()),
        ("application/pdf", "合同.pdf", b"%PDF-1.7 secret"),
        ("image/png", "bomb.png", b"no picture"),
    ]
    lines = []
    for kind, name, content in parts:
        disposition = f"Content-Disposition: attachment; filename*=utf-8''{quote(name)}\n" if name else ""
        encoded = base64.b64encode(content).decode()
        lines.append(f"--b\nContent-Type: {kind}\n{disposition}Content-Transfer-Encoding: base64\n\n{encoded}\n")
    mail = letter("".join(lines) + "--b--\n", Content_Type="multipart/mixed; boundary=b")
    server.put(account, mail, letter(number="9"))
    source = mail_source(server, account, quality)
    with monkeypatch.context() as patched:
        patched.setattr(importing.Reader, "stretches", lambda *a, **k: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            poll(source)
    poll(source)
    assert len(spoken(lake)) == 2
    voice = next(voice for voice in spoken(lake) if voice.text == "见附件")
    assert list(voice.attachments) == ["回单.png", "合同.pdf", "bomb.png"]
    kept = Attachment.objects.filter(voice_id=voice.id)
    assert {(each.name, each.is_photo) for each in kept} == {("回单.jpg", True), ("合同.pdf", False)}
    assert attachments.content(kept.get(is_photo=False)) == b"%PDF-1.7 secret"
    assert Attachment.objects.count() == 2
    # Another unit's person brings the same mail with another file: it touches neither the voice nor its files.
    box = tmp_path / "他处.mbox"
    box.write_bytes(mbox(mail.replace(base64.b64encode(b"%PDF-1.7 secret"), base64.b64encode(b"%PDF-1.7 forged"))))
    regional = make.staff("1500", bank.north, "quality_manager")
    bring_in(box, by=regional, form="mbox", mapping="", branch=bank.north_outlet)
    assert (Attachment.objects.count(), Quarantined.objects.count()) == (2, 1)


class Killed(BaseException):
    """Stands for SIGKILL."""


KILLS = [(taking.uploads, "keep"), (taking.actions, "begin_polled"), (taking, "_confirm")]


@pytest.mark.one_database
@pytest.mark.parametrize(("owner", "name"), KILLS, ids=[name for _, name in KILLS])
def test_killed_anywhere_each_mail_counts_once(
    owner: Any, name: str, server: Dovecot, account: str, quality: Any, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(account, letter(number="1"), letter("吞卡了", number="2"))
    source = mail_source(server, account, quality, after="seen")
    original = getattr(owner, name)

    def dying(*args: Any, **kwargs: Any) -> Any:
        original(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, dying)
        with pytest.raises(Killed):
            poll(source)
    assert all(b"\\Seen" not in flags for flags in server.flags(account))
    Job.objects.filter(state=Job.State.WAITING).update(state=Job.State.CANCELLED)
    assert poll(source).state == Job.State.DONE
    assert len(spoken(lake)) == 2
    finished = Import.objects.exclude(finished_at=None)
    assert finished.count() == 1
    assert poll(source).state == Job.State.DONE
    assert all(b"\\Seen" in flags for flags in server.flags(account))
    assert len(spoken(lake)) == 2


@pytest.mark.one_database
def test_a_mailbox_that_was_renumbered_counts_once(server: Dovecot, account: str, quality: Any, lake: Lake) -> None:
    server.put(account, letter(number="1"), letter("吞卡了", number="2"))
    source = mail_source(server, account, quality)
    poll(source)
    # A mailbox that was made anew numbers from 1: all is asked for again, and is what it was.
    Source.objects.filter(pk=source.pk).update(reached={"validity": 7, "uid": 900, "marked": 900})
    source.refresh_from_db()
    assert "相同 2" in poll(source).outcome
    assert len(spoken(lake)) == 2


@pytest.mark.one_database
def test_many_mails_come_in_portions(
    server: Dovecot, account: str, quality: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(account, *[letter(number=str(number)) for number in range(5)])
    door = Door([server.address], str(server.authority), Limits(mails=2))
    box = mailbox.Mailbox(server.address, account, SECRET)
    assert SECRET not in repr(box)
    with mailbox.opened(box, mailbox.Reached(), door) as first:
        assert (len(list(first.mails())), first.more, first.reached.uid) == (2, True, 2)
    with mailbox.opened(box, first.reached, door) as second:
        assert [uid for uid, _ in second.new] == [3, 4]
    # The line is cut in the middle, as at the deadline: what came stays, and the next goes on behind it.
    with mailbox.opened(box, mailbox.Reached(), Door([server.address], str(server.authority))) as slow:
        monkeypatch.setattr(mailbox, "_AT_ONCE", 2)
        coming = slow.mails()
        begun = [next(coming), next(coming)]
        slow._watch._end()
        assert (len(begun + list(coming)), slow.more, slow.reached.uid) == (2, True, 2)


@pytest.mark.one_database
def test_a_source_that_fails_says_why_and_is_asked_ever_more_seldom(
    server: Dovecot, account: str, quality: Any, settings: Any
) -> None:
    source = mail_source(server, account, quality, secret="wrong")
    waits = []
    for times in (1, 2, 3):
        before = timezone.now()
        job = poll(source)
        assert (job.state, source.failures, source.state) == (Job.State.FAILED, times, "failing")
        waits.append((source.next_at - before) / timedelta(minutes=15))
    assert "不接受这个账号或密码" in source.trouble
    assert waits == sorted(waits)
    assert waits[2] > 7
    settings.SOURCES_CA = ""
    poll(source)
    assert "证书无法核验" in source.trouble
    settings.SOURCES_CA = str(server.authority)
    same = {name: getattr(source, name) for name in ("name", "kind", "address", "channel", "account")}
    actions.change_source(source, Wanted(**same, secret=SECRET), by=quality)
    assert poll(source).state == Job.State.DONE
    assert (source.failures, source.trouble, source.failing_since) == (0, "", None)
    with pytest.raises(Fault, match="重新填写密码"):
        actions.change_source(source, Wanted(**same | {"account": "other"}), by=quality)


@pytest.mark.one_database
def test_only_named_hosts_are_asked_and_redirects_are_checked(forum: FeedServer, quality: Any, settings: Any) -> None:
    for address in (
        "http://169.254.169.254/latest",
        "https://inner.bank.example/",
        forum.url.replace("127.0.0.1", "localhost"),
    ):
        with pytest.raises(Fault, match="不在允许收取的清单里"):
            feed_source(forum, quality, address=address)
    for address in ("file:///etc/passwd", "http://u:secret@127.0.0.1/", "gopher://x", "http://"):
        with pytest.raises(Fault) as refused:
            feed_source(forum, quality, address=address)
        assert "secret" not in str(refused.value)
    with feeds.serving() as elsewhere:
        forum.mood = f"{elsewhere.url}/rss"
        source = feed_source(forum, quality, account="reader", secret="s")
        poll(source)
        assert "不在允许收取的清单里" in source.trouble
        assert elsewhere.asked == []
        settings.SOURCES = [*settings.SOURCES, elsewhere.url]
        assert poll(source).state == Job.State.DONE
        assert "authorization" in forum.asked[0]
        assert "authorization" not in elsewhere.asked[0]
        forum.mood = f"{forum.url}/rss"
        poll(source)
        assert "一再转到别处" in source.trouble


@pytest.mark.one_database
def test_a_feed_comes_in_when_it_has_changed(forum: FeedServer, quality: Any, lake: Lake) -> None:
    source = feed_source(forum, quality)
    assert "新增 2" in poll(source).outcome
    assert poll(source).outcome == "没有新的内容。"
    assert forum.asked[-1]["if-none-match"] == '"1"'
    forum.etag = ""  # it tells no mark, and is made anew each time
    assert poll(source).outcome == "没有新的内容。"
    forum.items = [item(3, "新帖"), *forum.items]
    assert "新增 1 + 相同 2" in poll(source).outcome
    assert len(spoken(lake)) == 3
    assert Job.objects.filter(kind="poll").count() == 2  # those that brought something


@pytest.mark.one_database
def test_a_fault_that_comes_with_each_poll_waits_once(forum: FeedServer, quality: Any, lake: Lake) -> None:
    """A feed that breaks off, day after day: one row that is up to date, and not one for each quarter of an hour."""
    source = feed_source(forum, quality)
    broken, undated = "<item><guid>9</guid><title>断了</tit", item(3).replace("2026", "二零二六")
    for day in range(3):
        forum.etag, forum.items = f'"{day}"', [*(item(100 + n) for n in range(day + 1)), undated, broken]
        poll(source)
    assert len(spoken(lake)) == 3, "what could be read is in"
    waiting = Quarantined.objects.filter(state="open").order_by("pk")
    assert len({row.message for row in waiting}) == waiting.count() == Quarantined.objects.count() / 3
    breach = waiting.get(message__contains="XML")
    for imported in {row.of for row in waiting}:
        feedback.discard_rows(imported, Quarantined.objects.all(), "论坛已知道", by=quality)
    forum.etag, forum.items = '"later"', [item(200), undated, broken]
    poll(source)
    assert [row.message for row in Quarantined.objects.filter(state="open")] == [breach.message], "given up stays so"


@pytest.mark.one_database
def test_who_may_do_what_and_trying_takes_nothing_in(
    server: Dovecot, account: str, quality: Any, manager: Any, clerk: Any, bank: make.Bank, lake: Lake
) -> None:
    server.put(account, letter("我叫王芳，手机13812345678，排队太久"))
    source = mail_source(server, account, quality)
    trial = actions.try_source(source, by=quality)
    assert "13812345678" not in trial.samples[0].text
    assert "排队太久" in trial.samples[0].text
    assert (Import.objects.count(), spoken(lake), source.reached) == (0, [], {})
    for person in (manager, clerk):
        with pytest.raises(PermissionDenied):
            actions.pause_source(source, by=person)
    assert make.client(clerk).get("/sources/").status_code == 404
    assert "还没有定时收取的来源" in make.client(manager).get("/sources/").content.decode()
    assert make.client(manager).post(f"/sources/{source.pk}/poll/").status_code == 404
    regional = make.staff("1500", bank.north, "quality_manager")
    with pytest.raises(Fault, match="默认机构"):
        mail_source(server, account, regional)
    ours = mail_source(server, account, regional, branch=bank.north_outlet, name="北山邮箱")
    poll(ours)
    assert {voice.branch for voice in spoken(lake)} == {"N11"}
    Post.objects.filter(staff=regional).delete()
    assert poll(ours).state == Job.State.FAILED
    assert "已没有导入权限" in ours.trouble
    actions.pause_source(ours, by=quality)
    ours.refresh_from_db()
    assert loop.polling.start_due(timezone.now() + timedelta(days=1)) == 1  # the other one only
    with pytest.raises(Fault, match="已暂停"):
        actions.poll_source(ours, by=quality)
    actions.resume_source(ours, by=quality)
    assert poll(ours).state == Job.State.DONE
    assert ours.by == quality


@pytest.mark.one_database
def test_the_api_and_the_command_do_the_same(
    forum: FeedServer, quality: Any, capsys: pytest.CaptureFixture[str], lake: Lake
) -> None:
    api = caller(quality)
    wanted = {"name": "论坛", "kind": "feed", "address": f"{forum.url}/rss", "channel": "social", "secret": "geheim"}
    made = api.post("/sources", wanted).json()
    assert made["has_secret"] is True
    assert "geheim" not in str(api.get("/sources").json())
    assert api.post("/sources", wanted | {"address": "http://10.0.0.1/"}).status_code == 422
    trial = api.post(f"/sources/{made['id']}/test").json()
    assert [sample["title"] for sample in trial["samples"]] == ["第1帖", "第2帖"]
    assert main(["sources", "poll"]) == 0
    assert "新增 2" in capsys.readouterr().out
    assert main(["sources", "list"]) == 0
    assert "论坛  feed" in capsys.readouterr().out
    forum.mood = 404
    assert main(["sources", "poll", "论坛"]) == 1
    assert api.get(f"/sources/{made['id']}").json()["state"] == "failing"
    assert api.post(f"/sources/{made['id']}/pause").json()["state"] == "paused"
    assert main(["sources", "poll", "论坛"]) == 1
    assert api.post(f"/sources/{made['id']}/remove").status_code == 204
    assert not Source.objects.exists()
    assert len(spoken(lake)) == 2


@pytest.mark.one_database
def test_a_folder_of_mails_and_a_box_of_machines_mails_come_in_by_the_command(
    bank: make.Bank, lake: Lake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "来信"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.eml").write_bytes(letter(f"第{number}封", number=str(number)))
    assert main(["import", str(folder)]) == 1
    assert "--as eml" in capsys.readouterr().err
    assert main(["import", str(folder), "--as", "eml"]) == 0
    assert {voice.text for voice in spoken(lake)} == {"第1封", "第2封"}
    box = tmp_path / "群发.mbox"
    box.write_bytes(mbox(*[letter(number=f"b{number}", Precedence="bulk") for number in range(3)]))
    assert main(["import", str(box), "--as", "mbox"]) == 0  # all for one reason, and read well all the same
    assert Quarantined.objects.count() == 3
