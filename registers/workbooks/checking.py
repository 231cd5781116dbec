"""What an uploaded file is, and whether it may be handed to the reading library."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from . import compound
from .archive import Archive
from .cells import PlacedProblem
from .limits import MEBIBYTE, Limits
from .opendocument import Content, Merge
from .sheet_parts import sheet_parts
from .sheet_xml import SheetScan, check_string_count
from .unreadable import Unreadable

ZIP_MAGIC = b"PK"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
OTHER_PACKAGES = {"word/": "Word", "ppt/": "PowerPoint", "visio/": "Visio"}
# PDF, RTF, RAR, 7z, PNG, JPEG, GIF: told even where little of their content looks binary.
OTHER_FILES = (
    b"%PDF",
    b"{\\rtf",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
)
NO_SHEET = -1


@dataclass
class Checked:
    """A file that may be read: its format, and what its sheets (0-based) hold besides values.

    names: of the sheets that were gone over, None where the format has no part for each
    """

    format: str
    problems: dict[int, list[PlacedProblem]] = field(default_factory=dict)
    merges: dict[int, list[Merge]] = field(default_factory=dict)
    names: dict[int, str] | None = None

    def require(self, position: int, name: str) -> None:
        """Raises Unreadable for a sheet that was not gone over, as nobody knows its problems."""
        if self.names is not None and self.names.get(position) != name:
            raise Unreadable("damaged")


def load(path: Path, limits: Limits) -> bytes:
    """The content of an upload; raises Unreadable where it is empty or too big."""
    size = path.stat().st_size
    if size > limits.upload_bytes:
        found, limit = round(size / MEBIBYTE, 1), round(limits.upload_bytes / MEBIBYTE, 1)
        raise Unreadable("upload_too_big", found=found, limit=limit)
    if not size:
        raise Unreadable("empty_file")
    return path.read_bytes()


def unpacked_size(path: Path, limits: Limits) -> int:
    """How many bytes there are to read: a packed workbook's own size says nothing about its rows.

    Raises Unreadable for an upload or an archive that is refused unread.
    """
    content = load(path, limits)
    packed = content.startswith(ZIP_MAGIC)
    return Archive(content, limits).unpacked_size if packed else len(content)


def is_text(content: bytes) -> bool:
    """Whether the content, not the file's name, speaks for a text file with delimiters."""
    return not content.startswith((ZIP_MAGIC, compound.MAGIC))


def check_text(content: bytes) -> None:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable("markup")
    if content.startswith(OTHER_FILES):
        raise Unreadable("not_a_workbook")


def check(content: bytes, limits: Limits) -> Checked:
    """Goes over a zip or compound file; raises Unreadable for what must not be read."""
    if content.startswith(compound.MAGIC):
        return Checked("xls", compound.check_xls(content))
    archive = Archive(content, limits)
    names = {name.lower(): name for name in archive.parts}
    if len(names) < len(archive.parts):
        raise Unreadable("damaged")
    if "xl/workbook.xml" in names:
        return check_xlsx(archive, names)
    if is_ods(archive):
        return check_ods(archive)
    raise refusal(names)


def refusal(names: dict[str, str]) -> Unreadable:
    if "xl/workbook.bin" in names:
        return Unreadable("binary_workbook")
    for folder, program in OTHER_PACKAGES.items():
        if any(name.startswith(folder) for name in names):
            return Unreadable("other_document", found=program)
    return Unreadable("not_a_workbook")


def check_xlsx(archive: Archive, names: dict[str, str]) -> Checked:
    """Streams every part once, collecting the problem cells of the sheets."""
    sheets = sheet_parts(archive, names)
    problems = {}
    gone_over = {}
    cells = 0
    for name, part in archive.parts.items():
        if name.lower() == "xl/sharedstrings.xml":
            check_string_count(archive.checked(name), part.file_size)
            continue
        position, title = sheets.get(name.lower(), (NO_SHEET, name))
        scan = SheetScan(title, archive.limits)
        scan.over(archive.checked(name))
        cells += scan.cells
        if cells > archive.limits.cells:
            raise Unreadable("too_many_cells", limit=archive.limits.cells)
        if scan.found:
            gone_over[position] = title
        if scan.problems:
            problems[position] = scan.problems
    if NO_SHEET in problems:
        raise Unreadable("damaged")
    return Checked("xlsx", problems, names=gone_over)


def is_ods(archive: Archive) -> bool:
    return "mimetype" in archive.parts and archive.read("mimetype").startswith(ODS_TYPE)


def check_ods(archive: Archive) -> Checked:
    manifest = "META-INF/manifest.xml"
    if manifest in archive.parts and b"encryption-data" in archive.read(manifest):
        raise Unreadable("password_protected")
    if "content.xml" not in archive.parts:
        raise Unreadable("damaged")
    for name in archive.parts:
        if name != "content.xml":
            for _chunk in archive.checked(name):
                pass
    content = Content(archive.read("content.xml"))
    return Checked("ods", content.problems, content.merges)
