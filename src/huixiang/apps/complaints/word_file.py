"""How is a letter written as a Word file? The few parts of the format that a letter needs, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from huixiang.apps.complaints.word_table import Rows, table

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WHEN = (2020, 1, 1, 0, 0, 0)  # of the parts within: the file tells nobody when it was made
# Latin and digits, Chinese: names that Word and WPS have on every machine in China.
_SERIF, _SANS = ("Times New Roman", "宋体"), ("Arial", "黑体")

_TYPES = f"""{_HEAD}<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/>
<Override PartName="/word/footer1.xml" ContentType="{_KIND}.footer+xml"/></Types>"""
_RELATIONS = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>"""
_OF_DOCUMENT = f"""{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{_OFFICE}/footer" Target="footer1.xml"/></Relationships>"""
_STYLES = f"""{_HEAD}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>
<w:rFonts w:ascii="{_SERIF[0]}" w:hAnsi="{_SERIF[0]}" w:eastAsia="{_SERIF[1]}" w:cs="{_SERIF[0]}"/>
<w:sz w:val="24"/><w:szCs w:val="24"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>
<w:pPrDefault><w:pPr><w:spacing w:line="420" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>"""
_RULE = '<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="B3261E"/></w:pBdr>'
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="480"/>'
_PAGE = ('<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
         '<w:pgMar w:top="1440" w:right="1588" w:bottom="1440" w:left="1588" w:header="720" w:footer="720" '
         'w:gutter="0"/></w:sectPr>')  # fmt: skip


def word_file(
    *, head: tuple[str, str], title: str, number: str, body: Sequence[str | Rows], foot: Sequence[str], reached: str
) -> bytes:
    """The .docx: head and rule, number, title, body (its address not indented), and the place of the seal."""
    lines = [
        _line(head[0], size=40, font=_SANS, place="center"),
        _line(head[1], size=20, place="center", more=_RULE),
        _line(number, size=20, place="right"),
        _line(title, size=34, font=_SANS, place="center", more='<w:spacing w:before="240" w:after="240"/>'),
        *(_part(each, is_first=not nth) for nth, each in enumerate(body)),
        _line(""),
        *(_line(each, place="right", more="<w:keepNext/>") for each in foot),
    ]
    body_part = f"<w:body>{''.join(lines)}{_PAGE}</w:body>"
    document = f'{_HEAD}<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}">{body_part}</w:document>'
    return _packed({
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _OF_DOCUMENT,
        "word/styles.xml": _STYLES,
        "word/footer1.xml": f'{_HEAD}<w:ftr xmlns:w="{_W}">{_line(reached, size=18, place="center")}</w:ftr>',
    })  # fmt: skip


def _part(each: str | Rows, *, is_first: bool) -> str:
    if isinstance(each, Rows):
        return table(each, lambda words: _line(words, size=18, place="left"))
    return _line(each, indent=not is_first or not each.endswith("："))


def _line(
    words: str,
    *,
    size: int = 24,
    font: tuple[str, str] = _SERIF,
    place: str = "both",
    indent: bool = False,
    more: str = "",
) -> str:
    """One paragraph; the order of its properties is that of the schema, else Word calls the file broken."""
    layout = more + (_INDENT if indent else "")
    fonts = f'<w:rFonts w:ascii="{font[0]}" w:hAnsi="{font[0]}" w:eastAsia="{font[1]}"/>'
    run = f'<w:r><w:rPr>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
    said = f'{run}<w:t xml:space="preserve">{escape(_NOT_XML.sub("", words))}</w:t></w:r>' if words else ""
    return f'<w:p><w:pPr>{layout}<w:jc w:val="{place}"/></w:pPr>{said}</w:p>'


def _packed(parts: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), part.encode(), zipfile.ZIP_DEFLATED)
    return target.getvalue()
