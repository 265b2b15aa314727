"""A quote that somebody forgot spoils its own row: does no good row vanish in it, and does no long text fall apart?"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.channels.reading import read

MAPPING = 'format = "csv"\nchannel = "website"\n[columns]\nsource_id = "编号"\ntext = "内容"\n'


def written(path: Path, *lines: str) -> Path:
    path.write_text("编号,内容,备注\n" + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def good(number: int) -> str:
    return f"W{number},好用的软件{number}号,普通"


@pytest.mark.parametrize("swallowed", [2, 3, 500, 3_000, 4_600, 40_000])
def test_rows_between_a_forgotten_quote_and_a_stray_one_all_come_in(swallowed: int, tmp_path: Path) -> None:
    between = [good(number) for number in range(1, swallowed)]
    lines = [good(0), 'W,"没有闭合,备注', *between, 'W-stray,他说是真的好",备注', good(swallowed)]
    records, refused = read(written(tmp_path / "a.csv", *lines), mapping=MAPPING)
    assert [number for number, _ in refused] == [3]
    assert [record.source_id for record in records] == [
        *(f"W{number}" for number in range(swallowed)), "W-stray", f"W{swallowed}"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        "第一行\n第二行",
        "一、排队太久,窗口少\n二、态度差\n三、时间,地点,人物,经过\n四、没有人管\n五、请回复",
        "好\n" * 200,
        "说明：\n1,2\n3,4\n",
    ],
)
def test_a_text_of_several_lines_stays_one_row(said: str, tmp_path: Path) -> None:
    records, refused = read(written(tmp_path / "a.csv", good(1), f'W2,"{said}",备注', good(3)), mapping=MAPPING)
    assert not refused
    assert [record.text for record in records][1] == said.strip()


def test_the_next_row_of_several_lines_survives_a_forgotten_quote(tmp_path: Path) -> None:
    lines = [good(0), 'W1,"没有闭合,x', 'W2,"第一行\n第二行",x', 'W3,"好",x', good(4)]
    records, refused = read(written(tmp_path / "a.csv", *lines), mapping=MAPPING)
    assert [record.source_id for record in records] == ["W0", "W2", "W3", "W4"]
    assert [number for number, _ in refused] == [3]


def test_a_text_broken_by_its_own_quote_is_one_refused_row_with_all_its_lines(tmp_path: Path) -> None:
    text = "柜员说\n" * 500 + '他说"好"啊\n' + "还有\n" * 500 + "完了"
    records, refused = read(written(tmp_path / "a.csv", good(0), f'W1,"{text}', good(2)), mapping=MAPPING)
    assert [record.source_id for record in records] == ["W0", "W2"]
    assert [number for number, _ in refused] == [3]


@pytest.mark.parametrize("pasted", ["粘贴的一行内容，很长很长\n" * 50_000, "附,件,行\n" * 60_000, "坏\n" * 200_000])
def test_a_whole_file_pasted_into_a_cell_is_one_refused_row(pasted: str, tmp_path: Path) -> None:
    records, refused = read(written(tmp_path / "a.csv", good(1), f'W2,"{pasted}",x', good(3)), mapping=MAPPING)
    assert [record.source_id for record in records] == ["W1", "W3"]
    [(number, fault)] = refused
    assert number == 3
    assert "超过 100000 个字符" in str(fault)


def test_rows_after_an_endless_text_without_its_closing_quote_come_in(tmp_path: Path) -> None:
    lines = [good(0), 'W1,"' + "坏\n" * 200_000, *(good(number) for number in range(2, 200))]
    records, refused = read(written(tmp_path / "a.csv", *lines), mapping=MAPPING)
    assert len(records) == 199
    assert [number for number, _ in refused] == [3]


def test_a_header_of_a_million_columns_is_told_as_such(tmp_path: Path) -> None:
    from huixiang.channels.contract import Fault

    path = tmp_path / "a.csv"
    path.write_text(",".join(f"c{number}" for number in range(300_000)) + "\n1,2\n", "utf-8")
    with pytest.raises(Fault, match=r"表头.*删去多余的列"):
        read(path, mapping=MAPPING)
