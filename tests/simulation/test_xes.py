"""Is the log XES as IEEE 1849-2016 has it, to the last attribute?"""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank, found
from huixiang.simulation.demand import day_factors
from huixiang.simulation.events.processes import (
    PROCESSES,
    Arrivals,
    EventLog,
    Process,
    case_arrivals,
    recorded,
    run,
    simulate,
)
from huixiang.simulation.exports.xes import write_xes
from huixiang.simulation.planting import plant
from huixiang.simulation.scenario import Scenario

SPACE = "{http://www.xes-standard.org/}"
ORDER = ("extension", "global", "classifier", "attribute", "trace", "event")  # of the children of a log
VALUES = {"string": str, "date": datetime.fromisoformat, "int": int, "float": float, "boolean": bool, "id": str}


@pytest.fixture(scope="module")
def bank() -> Bank:
    return found(Scenario(months=2, branches=5))


@pytest.fixture(scope="module")
def log(bank: Bank) -> EventLog:
    return made(bank, PROCESSES["loan"])


def made(bank: Bank, process: Process) -> EventLog:
    days = bank.scenario.days()
    factors = day_factors(days, mainland(), bank.dice.of("demand"), counters=True)
    cases = case_arrivals(bank, process, days, factors, bank.dice.of("arrivals"))
    return simulate(bank, plant(bank), process, cases, bank.dice.of("process"))


def read(path: Path) -> etree._Element:
    return etree.fromstring(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())


def name(element: etree._Element) -> str:
    assert element.tag.startswith(SPACE), element.tag
    return element.tag.removeprefix(SPACE)


def attributes(element: etree._Element) -> dict[str, object]:
    """The attributes of a log, trace, event or global, each read as the type it claims; no key twice."""
    found: dict[str, object] = {}
    for child in element:
        if name(child) in VALUES:
            assert set(child.attrib) == {"key", "value"}
            assert child.attrib["key"] not in found
            found[child.attrib["key"]] = VALUES[name(child)](child.attrib["value"])
    return found


def test_the_log_is_built_as_the_standard_says(bank: Bank, log: EventLog, tmp_path: Path) -> None:
    write_xes(tmp_path / "loan.xes", log, bank)
    root = read(tmp_path / "loan.xes")
    assert name(root) == "log"
    assert float(root.attrib["xes.version"]) == 1849.2016
    kinds = [name(child) if name(child) not in VALUES else "attribute" for child in root]
    assert [ORDER.index(kind) for kind in kinds] == sorted(ORDER.index(kind) for kind in kinds)
    for extension in root.iter(f"{SPACE}extension"):
        assert set(extension.attrib) == {"name", "prefix", "uri"}
    prefixes = {extension.attrib["prefix"] for extension in root.iter(f"{SPACE}extension")}
    assert {"concept", "lifecycle", "time", "org"} == prefixes
    scopes = {part.attrib["scope"]: attributes(part) for part in root.iter(f"{SPACE}global")}
    for classifier in root.iter(f"{SPACE}classifier"):
        assert set(classifier.attrib) == {"name", "scope", "keys"}
        assert set(classifier.attrib["keys"].split()) <= set(scopes["event"])  # else it may not be used
    for trace in root.iter(f"{SPACE}trace"):
        assert set(scopes["trace"]) <= set(attributes(trace))
        inside = [name(child) for child in trace]
        assert inside == sorted(inside, key=lambda kind: kind == "event")  # attributes first
        assert all(set(scopes["event"]) <= set(attributes(event)) for event in trace.iter(f"{SPACE}event"))


def test_what_is_read_is_what_happened(bank: Bank, log: EventLog, tmp_path: Path) -> None:
    count = write_xes(tmp_path / "loan.xes.gz", log, bank)
    traces = list(read(tmp_path / "loan.xes.gz").iter(f"{SPACE}trace"))
    assert count == 2 * len(log) == sum(len(trace.findall(f"{SPACE}event")) for trace in traces)
    begun = np.unique(log.case).tolist()
    assert len(traces) == len(begun)
    ids, numbers, codes = log.case_ids(), set(bank.staff.numbers.tolist()), {unit.code for unit in bank.network.units}
    for case, trace in zip(begun, traces, strict=True):
        about = attributes(trace)
        assert about["concept:name"] == ids[case]
        assert about["outlet"] == bank.network.codes[log.outlet[case]]
        assert about["outcome"] == log.process.outcomes[log.outcome[case]].name
        assert about["amount"] == log.amount[case] > 0
        events = [attributes(event) for event in trace.iter(f"{SPACE}event")]
        moments = [event["time:timestamp"] for event in events]
        assert moments == sorted(moments)
        assert all(moment.utcoffset() == timedelta(hours=8) for moment in moments)
        for event in events:
            by_person = event["org:resource"] not in ("系统", "客户")
            assert by_person == ("org:group" in event)
            if by_person:
                assert int(event["org:resource"]) in numbers
                assert event["org:group"] in codes


def test_each_step_starts_before_it_completes_and_no_time_is_lost(bank: Bank, log: EventLog, tmp_path: Path) -> None:
    write_xes(tmp_path / "loan.xes", log, bank)
    midnight = datetime.fromisoformat(f"{bank.scenario.first_day}T00:00:00+08:00")
    total = timedelta()
    for trace in read(tmp_path / "loan.xes").iter(f"{SPACE}trace"):
        running: dict[object, datetime] = {}
        for event in trace.iter(f"{SPACE}event"):
            about = attributes(event)
            if about["lifecycle:transition"] == "start":
                assert about["concept:name"] not in running
                running[about["concept:name"]] = about["time:timestamp"]
            else:
                total += about["time:timestamp"] - running.pop(about["concept:name"])
        assert not running
    assert total == timedelta(seconds=int((log.ends - log.starts).sum()))
    assert midnight.year == bank.scenario.first_day.year


def test_the_same_log_gives_the_same_bytes_wherever_it_is_written(bank: Bank, log: EventLog, tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "loan.xes.gz", tmp_path / "other-name.xes.gz"
    write_xes(first, log, bank)
    write_xes(second, log, bank)
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[3:8] == bytes(5)  # no file name in the packing, and no time


def test_a_log_that_comes_in_parts_is_the_same_file(
    bank: Bank, log: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_xes(tmp_path / "whole.xes", log, bank)
    monkeypatch.setattr(run, "CASES_AT_ONCE", 70)
    days = bank.scenario.days()
    factors = day_factors(days, mainland(), bank.dice.of("demand"), counters=True)
    cases = case_arrivals(bank, PROCESSES["loan"], days, factors, bank.dice.of("arrivals"))
    done = recorded(bank, plant(bank), PROCESSES["loan"], cases, bank.dice.of("process"))
    assert len(list(done.parts())) > 1
    assert write_xes(tmp_path / "parts.xes", done.cases, bank, done.parts()) == 2 * len(log)
    assert (tmp_path / "parts.xes").read_bytes() == (tmp_path / "whole.xes").read_bytes()
    assert np.array_equal(done.cases.score, log.score, equal_nan=True)


def test_a_case_not_yet_begun_has_no_trace_and_no_case_is_a_log_too(bank: Bank, tmp_path: Path) -> None:
    last_second = np.array([len(bank.scenario.days()) * 86_400 - 1])
    late = Arrivals(last_second, np.zeros(1, np.int32), np.zeros(1, np.int32))
    none = Arrivals(*(column[:0] for column in late))
    for cases in (late, none):
        log = simulate(bank, plant(bank), PROCESSES["loan"], cases, bank.dice.of("process"))
        assert write_xes(tmp_path / "empty.xes", log, bank) == 0
        assert read(tmp_path / "empty.xes").find(f"{SPACE}trace") is None


def test_names_with_signs_of_xml_are_written_as_text(bank: Bank, log: EventLog, tmp_path: Path) -> None:
    odd = replace(log, process=replace(log.process, name='贷款 <"A&B">'))
    write_xes(tmp_path / "odd.xes", odd, bank)
    assert attributes(read(tmp_path / "odd.xes"))["concept:name"] == '贷款 <"A&B">'
