"""Do feeds come in item by item, and can no feed make the reader fetch, swell or run anything?"""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import feedparser
import pytest

from huixiang.channels import registry, xml_mending
from huixiang.channels.contract import Defaults, Fault
from huixiang.domain.feedback import Channel
from tests.channels.reading import read

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>海川论坛</title><link>https://bbs.example/</link>
<item><guid isPermaLink="false">t1</guid><title>海川银行 &amp; 排队</title>
<pubDate>Tue, 03 Nov 2026 10:20:33 +0800</pubDate>
<description>短</description><content:encoded><![CDATA[<p>等了<b>一小时</b></p><script>x()</script>]]></content:encoded></item>
<item><link>https://bbs.example/2</link><title>手机银行</title><pubDate>Tue, 03 Nov 2026 10:20:33 CST</pubDate>
<description>&lt;p&gt;闪退&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:im="http://itunes.apple.com/rss"><id>urn:app</id><title>评论</title>
<entry><id>9</id><title>闪退</title><updated>2026-11-03T02:20:33Z</updated><link rel="self" href="https://z.example/"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">打开就<b>闪退</b></div></content>
<author><name>小王</name><uri>https://u.example/7</uri></author><im:rating>1</im:rating><im:version>5.2</im:version></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "t",
"home_page_url": "https://h.example/", "items": [
{"id": "1", "content_html": "<p>排队</p>", "date_published": "2026-11-03T10:20:33+08:00",
"authors": [{"url": "https://u.example/7"}]},
7, {"id": "3", "content_text": "好"}]}"""


def kept(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_text(content, encoding)
    return path


def test_items_become_voices_as_another_parser_reads_them(tmp_path: Path) -> None:
    path = kept(tmp_path / "a.rss", RSS)
    assert registry.guess(path).format == "rss"
    records, refused = read(path, "rss", "")
    assert not refused
    assert [record.text for record in records] == ["等了一小时", "闪退"]
    assert {record.channel for record in records} == {Channel.SOCIAL}
    theirs = feedparser.parse(RSS)
    assert [record.title for record in records] == [entry.title for entry in theirs.entries]
    assert [records[0].source_id, records[1].source_id] == [theirs.entries[0].id, theirs.entries[1].link]
    assert [record.said_at.isoformat() for record in records if record.said_at] == ["2026-11-03T10:20:33+08:00"] * 2
    other = read(kept(tmp_path / "b.rss", RSS.replace("https://bbs.example/<", "https://other.example/<")), "rss", "")[
        0
    ]
    assert other[0].voice_id(b"k") != records[0].voice_id(b"k")


def test_atom_and_json_feeds_keep_who_what_and_how_many_stars(tmp_path: Path) -> None:
    (entry,), _ = read(kept(tmp_path / "a.atom", ATOM), "rss", "", Defaults(channel=Channel.APP_REVIEW))
    assert (entry.channel, entry.text, entry.rating, entry.product_version) == (
        Channel.APP_REVIEW,
        "打开就闪退",
        1.0,
        "5.2",
    )
    assert entry.customer == "https://u.example/7"
    assert "小王" not in str(entry.extra)
    path = kept(tmp_path / "a.json", JSON)
    assert registry.guess(path).format == "rss"
    records, refused = read(path, "rss", "")
    assert [record.text for record in records] == ["排队", "好"]
    assert [number for number, _ in refused] == [2]


def test_a_feed_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    records, refused = read(
        kept(tmp_path / "a.rss", RSS.replace("<title>手机银行</title>", "<title>手机银行")), "rss", ""
    )
    assert len(records) == 1
    assert refused[0][0] == 2
    assert "不是合法的 XML" in str(refused[0][1])
    chinese = '<?xml version="1.0" encoding="gb2312"?>'
    chinese += "<rss><channel><item><title>排队</title><guid>1</guid></item></channel></rss>"
    assert read(kept(tmp_path / "b.rss", chinese, "gbk"), "rss", "")[0][0].title == "排队"


def test_a_prefix_that_nobody_declared_and_an_encoding_that_nobody_named(tmp_path: Path) -> None:
    """The server's header named it, and a file has none; guessed from the bytes, in a head that is all markup too."""
    for encoding, said in (("utf-8", "柜员态度很好"), ("gb18030", "柜员态度很好"), ("big5", "櫃員態度很好")):
        one = (
            f"<guid>1</guid><title>{said}</title><description>{said * 9}</description><itunes:author>x</itunes:author>"
        )
        whole = f"<rss><channel>{'<!-- -->' * 600}<title>x</title><item>{one}</item></channel></rss>"
        records, refused = read(kept(tmp_path / f"{encoding}.rss", whole, encoding), "rss", "")
        assert ([record.title for record in records], refused) == ([said], []), encoding
    cut = whole.replace("</channel></rss>", "<item><title>")
    records, refused = read(kept(tmp_path / "cut.rss", cut), "rss", "")
    assert (len(records), len(refused)) == (1, 1)


def test_what_many_feeds_get_wrong_is_put_right(tmp_path: Path) -> None:
    """HTML's names, a bare &, control characters, and GBK under the name of GB 2312, wherever a chunk may end."""
    long = "长" * 20_000
    wrong = '<?xml version="1.0" encoding="gb2312"?><rss><channel><title>A&B</title>' + "".join(
        f"<item><guid><![CDATA[x?a={n}&b;&nbsp;]]></guid><title>朱镕&nbsp;R&D &copy;&#1;\x01&foo; &lt;</title>"
        f"<description>{long}&amp;末{n}</description></item>"
        for n in range(9)
    )
    records, refused = read(kept(tmp_path / "a.rss", wrong + "</channel></rss>", "gbk"), "rss", "")
    assert not refused
    assert [record.source_id for record in records] == [f"x?a={n}&b;&nbsp;" for n in range(9)]
    assert {" ".join(record.title.split()) for record in records} == {"朱镕 R&D ©&foo; <"}
    assert [record.text for record in records] == [f"{long}&末{n}" for n in range(9)]


def test_where_a_chunk_ends_changes_nothing() -> None:
    feed = b"<a>x & y &nbsp;<![CDATA[ & &nbsp; ]]> &lt;&#1;&copy; \x01 ]]x</a>" * 30
    whole = b"<a>x &amp; y &#160;<![CDATA[ & &nbsp; ]]> &lt;&#169;  ]]x</a>" * 30
    for size in range(1, 90):
        mended = xml_mending.Mended(io.BytesIO(feed))
        assert b"".join(iter(partial(mended.read, size), b"")) == whole


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_and_nothing_is_fetched(tmp_path: Path, encoding: str) -> None:
    bomb = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE r [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    items = "<rss><channel><item><guid>1</guid><title>t&b;</title></item></channel></rss>"
    with pytest.raises(Fault, match="实体声明"):
        read(kept(tmp_path / "a.rss", bomb + items, encoding), "rss", "")
    outside = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">' + items.replace("&b;", "")
    assert read(kept(tmp_path / "b.rss", outside), "rss", "")[0][0].title == "t"
    with pytest.raises(Fault, match="不是 RSS"):
        read(kept(tmp_path / "c.rss", "<html><body/></html>"), "rss", "")
