"""Zip archives unpacked in a stream, believing nothing that their headers say."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from .limits import MEBIBYTE, Limits
from .unreadable import Unreadable

CENTRAL_ENTRY = b"PK\x01\x02"
LOCAL_HEADER = struct.Struct("<4s22xHH")
ENCRYPTED = 0x1
CHUNK = 512 * 1024
DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
UTF16_START = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
# Share of the unpacked size that one part may take in memory.
WHOLE_PART = 4
# Long enough to hold any marker that a chunk boundary cuts in two.
OVERLAP = 16


class Archive:
    """The parts of one zip file, by name as stored with forward slashes.

    Raises Unreadable where the archive is cut off, encrypted, has too many parts or declares
    more than it may unpack to.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        self.content = content
        self.limits = limits
        if content.count(CENTRAL_ENTRY) > limits.parts:
            raise Unreadable("too_many_parts", limit=limits.parts)
        entries = self._entries()
        self.parts = {part.filename.replace("\\", "/"): part for part in entries}
        if len(self.parts) < len(entries):
            raise Unreadable("damaged")
        self.unpacked_size = sum(part.file_size for part in entries)
        if self.unpacked_size > limits.unpacked_bytes:
            raise Unreadable("unpacks_too_big", limit=limits.unpacked_bytes // MEBIBYTE)

    def _entries(self) -> list[zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
            raise Unreadable("truncated") from error
        if any(entry.flag_bits & ENCRYPTED for entry in entries):
            raise Unreadable("password_protected")
        return entries

    def stream(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of one part; Unreadable unless size and checksum are as declared."""
        part = self.parts[name]
        size = checksum = 0
        for chunk in self._unpacked(part):
            size += len(chunk)
            if size > part.file_size:
                raise Unreadable("damaged")
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
        if size != part.file_size or checksum != part.CRC:
            raise Unreadable("damaged")

    def checked(self, name: str) -> Iterator[bytes]:
        """`stream`, refusing parts that bring a document type or an encoding that hides one."""
        tail = b""
        for chunk in self.stream(name):
            if not tail and chunk.startswith(UTF16_START) and name.endswith((".xml", ".rels")):
                raise Unreadable("damaged")
            if DOCUMENT_TYPE.search(tail + chunk[:OVERLAP]) or has_document_type(chunk):
                raise Unreadable("document_type", part=name)
            tail = chunk[-OVERLAP:]
            yield chunk

    def read(self, name: str) -> bytes:
        """A part as a whole; only for parts that cannot be scanned in a stream."""
        most = self.limits.unpacked_bytes // WHOLE_PART
        if self.parts[name].file_size > most:
            raise Unreadable("unpacks_too_big", limit=most // MEBIBYTE)
        return b"".join(self.checked(name))

    def _unpacked(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = self._packed(part)
        if part.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[at : at + CHUNK]) for at in range(0, len(packed), CHUNK))
        elif part.compress_type == zipfile.ZIP_DEFLATED:
            yield from inflated(packed)
        else:
            raise Unreadable("damaged")

    def _packed(self, part: zipfile.ZipInfo) -> memoryview:
        try:
            signature, name_length, extra_length = LOCAL_HEADER.unpack_from(
                self.content, part.header_offset
            )
        except struct.error as error:
            raise Unreadable("truncated") from error
        start = part.header_offset + LOCAL_HEADER.size + name_length + extra_length
        packed = memoryview(self.content)[start : start + part.compress_size]
        if signature != b"PK\x03\x04" or len(packed) != part.compress_size:
            raise Unreadable("truncated")
        return packed


def has_document_type(chunk: bytes) -> bool:
    return b"<!" in chunk and DOCUMENT_TYPE.search(chunk) is not None


def inflated(packed: memoryview) -> Iterator[bytes]:
    """The deflated bytes in chunks of bounded size, however strongly they are packed."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for at in range(0, len(packed), CHUNK // 8):
            waiting = bytes(packed[at : at + CHUNK // 8])
            while waiting and not inflater.eof:
                yield inflater.decompress(waiting, CHUNK)
                waiting = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error as error:
        raise Unreadable("damaged") from error
