"""Does every row count once, wherever the process dies? Broken off after each step, killed, run side by side."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import AuditRecord
from huixiang.apps.feedback import batches, importing, journal, reading
from huixiang.apps.feedback.landing import Landing
from huixiang.apps.feedback.models import Batch, Import, Quarantined
from huixiang.channels.contract import Fault
from huixiang.lake import disk
from huixiang.lake.store import Lake
from huixiang.web.commands import demo, demo_bringing
from tests.apps.arrivals import MAPPING, Silent, begin, bring_in, content, counts, row, table
from tests.make import Bank


class Killed(BaseException):
    """Stands for SIGKILL: nothing but the operating system's own cleaning happens after it."""


STEPS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {}


def step(function: Callable[[pytest.MonkeyPatch], None]) -> Callable[[pytest.MonkeyPatch], None]:
    STEPS[function.__name__] = function
    return function


def dies_after(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, when: Callable[..., bool] = lambda *a: True
) -> None:
    original = getattr(owner, name)

    def dying(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        if when(*args):
            raise Killed(name)
        return result

    monkeypatch.setattr(owner, name, dying)


@step
def before_the_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_after(monkeypatch, batches, "_next_number", lambda lake, of: of.batches.count() == 1)


@step
def after_the_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_after(monkeypatch, journal, "write", lambda of, number, facts: number == 2)


@step
def after_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(lake: Lake, batch: Batch, facts: Any) -> None:
        raise Killed

    original = batches._carry
    monkeypatch.setattr(
        batches, "_carry", lambda lake, batch, facts: (dying if batch.number == 2 else original)(lake, batch, facts)
    )


@step
def after_the_first_table(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_after(
        monkeypatch, Lake, "append_once", lambda lake, name, rows: name == "speakers" and lake.version("voices") > 0
    )


@step
def after_the_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_after(monkeypatch, batches, "_carry", lambda lake, batch, facts: batch.number == 2)


@step
def after_confirming(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_after(monkeypatch, batches, "_confirm", lambda batch: batch.number == 2)


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "ROWS", 7)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Thirty rows: new ones, one twice the same, one twice different, some that cannot be read."""
    rows = [row(number) for number in range(24)]
    rows += [row(3), row(4, 内容="改口了：现在不用排队了。"), row(5, 机构="X99"), row(6, 编号="W90", 评分="11")]
    rows += [row(25), row(26)]
    return table(tmp_path / "留言.csv", rows)


@pytest.fixture(scope="module")
def quiet() -> list[Any]:
    """What the import that nobody disturbed left behind, from the first story that asked on."""
    return []


@pytest.fixture
def undisturbed(
    quiet: list[Any], file: Path, bank: Bank, lake: Lake, short_stretches: None, settings: Any, tmp_path: Path
) -> Any:
    """What an import that nobody disturbs leaves behind; then everything is empty again."""
    if not quiet:
        settings.LAKE_DIR = tmp_path / "quiet"
        imported = bring_in(file)
        quiet.append((counts(imported), content(Lake(settings.LAKE_DIR)), _quarantine()))
        Import.objects.all().delete()
        settings.LAKE_DIR = lake.path
    return quiet[0]


@pytest.mark.parametrize("name", STEPS)
def test_broken_off_and_resumed_it_equals_an_undisturbed_import(
    name: str, undisturbed: Any, file: Path, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = begin(file)
    with monkeypatch.context() as broken:
        STEPS[name](broken)
        with pytest.raises(Killed):
            importing.run(Silent(), str(imported.pk))
    assert importing.run(Silent(), str(imported.pk))
    assert (counts(imported), content(lake), _quarantine()) == undisturbed
    assert counts(imported) == (30, 26, 1, 1, 2)
    assert not Batch.objects.filter(confirmed_at=None).exists()


def test_what_was_on_its_way_is_settled_by_whoever_writes_next(
    file: Path, bank: Bank, lake: Lake, short_stretches: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    imported = begin(file)
    with monkeypatch.context() as broken:
        STEPS["after_the_first_table"](broken)
        with pytest.raises(Killed):
            importing.run(Silent(), str(imported.pk))
    assert counts(imported)[0] == 7
    bring_in(table(tmp_path / "other.csv", [row(70)]))
    assert counts(imported)[0] == 14  # the half-written batch was carried out, not thrown away
    speakers = [each["id"] for each in content(lake)["speakers"]]
    assert len(speakers) == len(set(speakers))


def test_a_second_import_of_the_same_file_adds_nothing(
    file: Path, bank: Bank, lake: Lake, short_stretches: None
) -> None:
    bring_in(file)
    before = content(lake)
    again = bring_in(file)
    read, new, same, changed, quarantined = counts(again)
    assert (read, new, quarantined) == (30, 0, 0)
    assert (same, changed) == (30, 0)  # row 4 speaks twice: its first saying is a version that the file brought before
    assert [each["text"] for each in before["voices"]] == [each["text"] for each in content(lake)["voices"]]


@pytest.mark.one_database
def test_a_number_with_contents_a_b_a_adds_nothing_the_second_time(tmp_path: Path, bank: Bank, lake: Lake) -> None:
    path = table(tmp_path / "a.csv", [row(1, 内容="一"), row(1, 内容="二"), row(1, 内容="一"), row(2), row(2)])
    assert counts(bring_in(path)) == (5, 2, 1, 2, 0)
    before = content(lake)
    assert counts(bring_in(path)) == (5, 0, 5, 0, 0)
    assert content(lake) == before
    bring_in(table(tmp_path / "b.csv", [row(1, 内容="二")]))  # another file may well go back to what was said before
    assert content(lake)["voices"][0]["version"] + content(lake)["voices"][1]["version"] == 5


def test_the_same_file_twice_at_once_changes_nothing_that_its_source_did_not(
    tmp_path: Path, bank: Bank, lake: Lake, short_stretches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other import of it begins, and ends, after this one has looked what the lake knows."""
    path = table(tmp_path / "a.csv", [row(1, 内容="一"), row(2), row(1, 内容="二"), row(3)])
    imported, approach = begin(path), Landing.approach
    other = Import.objects.create(
        file_name="b.csv", path=str(path), fingerprint=imported.fingerprint, bytes=1, format="csv", mapping=MAPPING
    )

    def then_the_other(self: Landing, *args: Any) -> Any:
        if not other.started_at:
            other.started_at, other.actor = imported.started_at, "cli:tester"
            other.save()
            importing.run(Silent(), str(other.pk))
        return approach(self, *args)

    monkeypatch.setattr(Landing, "approach", then_the_other)
    importing.run(Silent(), str(imported.pk))
    assert (counts(other), counts(imported)) == ((4, 3, 0, 1, 0), (4, 0, 4, 0, 0))


@pytest.mark.one_database
def test_a_batch_is_confirmed_only_once_it_lies_on_the_disk(
    file: Path, bank: Bank, lake: Lake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    safe: set[Path] = set()
    on_the_way: list[Path] = []
    monkeypatch.setattr(disk, "keep", safe.update)

    def lies_there(of: str, number: int) -> None:
        on_the_way.extend(each for each in (tmp_path / "journal").rglob("*.arrow"))
        assert {each for each in lake.path.rglob("part-*") if each.is_file()} <= safe
        assert set(lake.path.glob("*/_delta_log/*.json")) <= safe

    monkeypatch.setattr(journal, "forget", lies_there)
    bring_in(file)
    assert {each.name for each in on_the_way} == {f"{name}.arrow" for name in journal.TABLES}
    assert {on_the_way[0].parent.with_suffix(".new") / each.name for each in on_the_way} <= safe
    assert {tmp_path, tmp_path / "journal"} <= safe


@pytest.mark.one_database
def test_a_restored_database_counts_what_the_lake_already_holds_as_the_same(
    file: Path, bank: Bank, lake: Lake, short_stretches: None
) -> None:
    imported = bring_in(file)
    before = content(lake)["voices"]
    imported.batches.filter(number__gt=2).delete()  # the backup was taken after the second batch
    Import.objects.filter(pk=imported.pk).update(finished_at=None)
    importing.run(Silent(), str(imported.pk))
    read, new, *_rest = counts(imported)
    assert (read, new) == (30, 14)
    assert len(content(lake)["voices"]) == len(before)


def test_a_file_changed_between_start_and_resume_is_refused(
    file: Path, bank: Bank, lake: Lake, short_stretches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported = begin(file)
    with monkeypatch.context() as broken:
        STEPS["after_confirming"](broken)
        with pytest.raises(Killed):
            importing.run(Silent(), str(imported.pk))
    file.write_text(file.read_text("utf-8") + "W99,2026-01-01,N11,C1,5,补一行\n", "utf-8")
    with pytest.raises(Fault, match="被改动"):
        importing.run(Silent(), str(imported.pk))


def test_the_same_import_is_never_done_by_two_at_once(file: Path, bank: Bank, lake: Lake) -> None:
    imported = begin(file)
    with importing.alone(str(imported.pk)):
        with pytest.raises(Fault, match="另一进程"):
            importing.run(Silent(), str(imported.pk))
        with pytest.raises(Fault, match="另一进程"):
            begin(file)  # the same command once more: it finds the import, and leaves it as it is
    assert not AuditRecord.objects.filter(verb="import.resume").exists()


def test_killed_for_real_the_same_command_goes_on(elsewhere: dict[str, str], tmp_path: Path, bank: Bank) -> None:
    """SIGKILL at the first sign of a confirmed batch; the helper process goes too; then the command runs again."""
    rows = 7_000  # a stretch of five thousand, and time to die in the next
    file = table(tmp_path / "long.csv", (row(number) for number in range(rows)))
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, "utf-8")
    code = "import sys; from huixiang.web.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "import", str(file), "--mapping", str(mapping)]
    first = subprocess.Popen(command, env=elsewhere, stderr=subprocess.DEVNULL)
    children: list[int] = []
    while first.poll() is None and not Batch.objects.exclude(confirmed_at=None).exists():
        children = children or _children(first.pid)
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    again = subprocess.run(command, env=elsewhere, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert "从断处继续" in again.stderr
    assert f"{rows:,}" in again.stdout
    assert counts(Import.objects.get()) == (rows, rows, 0, 0, 0)
    assert children
    assert not any(_alive(child) for child in children)


def _quarantine() -> list[tuple[int, str, str]]:
    return list(Quarantined.objects.order_by("row").values_list("row", "column", "message"))


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _alive(pid: int) -> bool:
    try:
        return "huixiang" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


@pytest.mark.one_database
def test_a_demonstration_that_was_killed_within_the_real_reviews_goes_on_with_them(
    tmp_path: Path, bank: Bank, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the made-up bank's files there is none here, and each counts as brought in."""
    monkeypatch.setattr(reading, "ROWS", 20)
    monkeypatch.setenv("HUIXIANG_SHARED", str(tmp_path))
    real = tmp_path / demo.REAL_REVIEWS
    real.write_text("source,text\n" + "".join(f"华为,很好用的第{number}条\n" for number in range(50)), "utf-8")
    bring = demo_bringing._bring
    monkeypatch.setattr(demo_bringing, "_bring", lambda path, choice: bring(path, choice) if path == real else None)
    with monkeypatch.context() as patched:
        dies_after(patched, batches, "commit")
        with pytest.raises(Killed):
            demo._voices(tmp_path, with_real=True)
    for _again in range(2):
        demo._voices(tmp_path, with_real=True)
    assert counts(Import.objects.get()) == (50, 50, 0, 0, 0)
