"""Builders of workbooks that mean harm, or that somebody's software got wrong; all return bytes."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
END_OF_CHAIN, FREE, FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def package(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook_parts(*sheets: str, names: tuple[str, ...] = ("花名册",)) -> dict[str, str | bytes]:
    """The parts of a minimal .xlsx around finished worksheet parts."""
    numbered = list(enumerate(names, 1))
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _name in numbered
    )
    types = '<Default Extension="xml" ContentType="application/xml"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEADER}<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
        "_rels/.rels": f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{HEADER}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEADER}<Relationships xmlns="{PACKAGE}/relationships">'
        f"{relations}</Relationships>",
    }
    for n, sheet in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{n}.xml"] = sheet
    return parts


def worksheet(rows: str, *, before: str = "", after: str = "", prolog: str = "") -> str:
    return (
        f'{HEADER}{prolog}<worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    )


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def xlsx(rows: str, **around: str) -> bytes:
    return package(workbook_parts(worksheet(rows, **around)))


def cell_at(reference: str) -> bytes:
    """A roster with one more cell, somewhere far away or outside every grid."""
    number = int(re.sub(r"\D", "", reference))
    return xlsx(row(1, text_cell("A1", "名称")) + row(number, text_cell(reference, "x")))


def with_shared_strings(table: str) -> bytes:
    parts = workbook_parts(worksheet(row(1, '<c r="A1" t="s"><v>0</v></c>')))
    parts["xl/sharedStrings.xml"] = HEADER + table
    relations = str(parts["xl/_rels/workbook.xml.rels"])
    link = f'<Relationship Id="rId9" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    parts["xl/_rels/workbook.xml.rels"] = relations.replace(
        "</Relationships>", link + "</Relationships>"
    )
    return package(parts)


def zip_bomb(megabytes: int) -> bytes:
    """A workbook whose extra part unpacks to that many megabytes, and says so."""
    parts = workbook_parts(worksheet(row(1, text_cell("A1", "名称"))))
    parts["xl/media/picture.bin"] = bytes(megabytes * 1024 * 1024)
    return package(parts)


def lying_zip_bomb(megabytes: int) -> bytes:
    """The same, but both headers of the part declare a hundred bytes."""
    honest = zip_bomb(megabytes)
    size = struct.pack("<I", megabytes * 1024 * 1024)
    return honest.replace(size, struct.pack("<I", 100))


def encrypted_entries() -> bytes:
    """A zip whose central directory marks every part as encrypted."""
    content = bytearray(xlsx(row(1, text_cell("A1", "名称"))))
    for entry in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[entry.start() + 8] |= 1
    return bytes(content)


def ods(table: str) -> bytes:
    """An OpenDocument spreadsheet with one table, named 花名册."""
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'{HEADER}<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:'
        f'names:experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="花名册">{table}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f"{HEADER}<manifest:manifest/>"
    return package(
        {"mimetype": ODS_TYPE, "META-INF/manifest.xml": manifest, "content.xml": content}
    )


def compound(*streams: str) -> bytes:
    """An OLE compound file with empty streams of these names."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<III", header, 44, 1, 1, 0)
    struct.pack_into("<IIIII", header, 56, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    struct.pack_into("<109I", header, 76, 0, *[FREE] * 108)
    table = struct.pack("<128I", FAT_SECTOR, END_OF_CHAIN, *[FREE] * 126)
    entries = [directory_entry("Root Entry", 5), *(directory_entry(name, 2) for name in streams)]
    return bytes(header) + table + b"".join(entries).ljust(512, b"\0")


def directory_entry(name: str, kind: int) -> bytes:
    entry = bytearray(128)
    encoded = name.encode("utf-16-le")
    entry[: len(encoded)] = encoded
    struct.pack_into("<HBB", entry, 64, len(encoded) + 2, kind, 1)
    struct.pack_into("<III", entry, 68, FREE, FREE, FREE)
    struct.pack_into("<II", entry, 116, END_OF_CHAIN, 0)
    return bytes(entry)


def xls_with_password(xls: bytes) -> bytes:
    """An .xls whose second record, after the start of the stream, is turned into FILEPASS."""
    start = xls.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    second = start + 4 + 16
    return xls[:second] + b"\x2f\x00" + xls[second + 2 :]


def xls_with_error(xls: bytes) -> tuple[bytes, int, int]:
    """An .xls with #REF! in place of a text and its neighbour; also the 1-based row, column."""
    found = re.search(rb"\xfd\x00\x0a\x00(.{4}).{6}\xfd\x00\x0a\x00.{10}", xls, re.DOTALL)
    assert found
    error = b"\x05\x02\x08\x00" + found[1] + b"\x0f\x00" + b"\x17\x01"
    filler = b"\x42\x42\x0c\x00" + bytes(12)
    row_index, column_index = struct.unpack("<HH", found[1])
    changed = xls[: found.start()] + error + filler + xls[found.end() :]
    return changed, row_index + 1, column_index + 1
