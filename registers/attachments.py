"""Files that people attach to records: what may come in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# The first bytes of each kind of file, by the ending that its name must have.
ZIP = (b"PK\x03\x04",)
SIGNATURES = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "docx": ZIP,
    "xlsx": ZIP,
    "ofd": ZIP,
}
ACCEPTED = ",".join(f".{ending}" for ending in SIGNATURES)


def check_attachment(upload: Any) -> None:
    """Raises ValidationError unless `upload` is small enough and what its name says."""
    limit = settings.ATTACHMENT_BYTES
    if upload.size > limit:
        text = _("The file has %(found)s; at most %(limit)s are possible. Scan it more coarsely.")
        params = {"found": filesizeformat(upload.size), "limit": filesizeformat(limit)}
        raise ValidationError(text % params, code="too_big")
    ending = upload.name.rpartition(".")[2].lower()
    if ending not in SIGNATURES:
        text = _("Files of the kind “%(ending)s” are not taken. Possible are: %(accepted)s.")
        params = {"ending": ending, "accepted": _(", ").join(SIGNATURES)}
        raise ValidationError(text % params, code="unknown_kind")
    upload.seek(0)
    first = upload.read(8)
    upload.seek(0)
    if not first.startswith(SIGNATURES[ending]):
        text = _("The file does not hold what its name says (.%(ending)s). Save it anew.")
        raise ValidationError(text % {"ending": ending}, code="other_content")
