"""Import batches (what was uploaded, how it was read, what it will do and did), words explained in
them, exports, and the origins of recorded changes."""

import datetime
from datetime import timedelta
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pghistory.models import Context

from accounts.permissions import Permission
from registers import register as registry
from registers.history import LEARN_ONLY, NO_TRUNCATE, tracked
from registers.register import Register


def _private_files() -> Any:
    return storages["default"]


OF_LATE = datetime.timedelta(days=60)


class ImportBatchQuerySet(models.QuerySet):
    def for_user(self, user: Any) -> Self:
        """A person's own batches; system administrators see all."""
        return self if user.has_perm(Permission.ADMINISTER) else self.filter(created_by=user)

    def readable_by(self, user: Any) -> Self:
        """Those that `user` may look at: beside the own ones, for who audits a register citywide,
        all that have written into it."""
        audited = [
            register.key
            for register in registry.imported_registers()
            if register.is_citywide(user, Permission.AUDIT_IMPORT)
        ]
        have_written = (ImportBatch.Status.COMMITTED, ImportBatch.Status.UNDONE)
        return self.for_user(user) | self.filter(register_key__in=audited, status__in=have_written)

    def left_open_by(self, user: Any) -> Self:
        """The person's own of late that wait for a decision, or left wrong rows out of the registry
        that are still to be corrected."""
        deciding = models.Q(status__in=[ImportBatch.Status.UPLOADED, ImportBatch.Status.STAGED])
        left_out = ImportRow.objects.filter(batch=models.OuterRef("pk"), action="wrong")
        wrong = models.Exists(left_out.exclude(ImportRow.OUTSIDE))  # others correct those outside
        returned = models.Q(wrong, status=ImportBatch.Status.COMMITTED, counts__wrong__gt=0)
        late = timezone.now() - OF_LATE
        return self.filter(deciding | returned, created_by=user, created_at__gte=late)

    def move(self, *, to: str, expected: tuple[str, ...], **values: Any) -> bool:
        """Change the state of one batch if it is still in an expected one; whether it was."""
        return bool(
            self.filter(status__in=expected).update(status=to, beat_at=timezone.now(), **values)
        )


class Work(models.Model):
    """A row that stands for work apart from the request (registers/apart.py).

    command: the management command that carries it out; folder: where below VAR_DIR it logs;
    locks: its family among the advisory locks of the database
    """

    command: ClassVar[str]
    folder: ClassVar[str]
    locks: ClassVar[int]

    status: Any
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    beat_at = models.DateTimeField(_("last sign of life"), default=timezone.now)

    class Meta:
        abstract = True

    def beat(self) -> None:
        """Say how many rows are done; seen by whoever watches the progress page."""
        type(self)._default_manager.filter(pk=self.pk).update(
            done=self.done, beat_at=timezone.now()
        )


class ImportBatch(Work):
    """One uploaded workbook on its way into a register.

    data_on: the day of which the file speaks, where it says so: what it gives without a date is
        known to hold from then on
    checked_at: when its rows were last compared with the registry
    newer: how many values of the registry are newer than the file says ("values"), in how many rows
        ("rows"); keeps_newer: whether they stay, or the file's are written (registers/newer.py)
    marked: kept only for a workbook that takes long to mark (registers/marked.py)
    """

    command, folder, locks = "run_import", "imports", 0x1337

    class Status(models.TextChoices):
        READING = "reading", _("Being read")
        UPLOADED = "uploaded", _("Columns to confirm")
        STAGING = "staging", _("Being checked")
        STAGED = "staged", _("Ready for preview")
        COMMITTING = "committing", _("Being written")
        COMMITTED = "committed", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        FAILED = "failed", _("Could not be read")

    class Mode(models.TextChoices):
        ALL = "all", _("All or nothing")
        GOOD = "good", _("Only the good rows")

    register_key = models.CharField(_("register"), max_length=40)
    file = models.FileField(_("file"), upload_to="imports/%Y/%m/", storage=_private_files)
    file_name = models.CharField(_("file name"), max_length=200)
    data_on = models.DateField(_("data as of"), null=True)
    marked = models.FileField(
        _("file with the problems marked"),
        upload_to="imports/%Y/%m/",
        storage=_private_files,
        blank=True,
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("uploaded by")
    )
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.UPLOADED)
    mode = models.CharField(_("rows"), max_length=4, choices=Mode, default=Mode.ALL)
    plan = models.JSONField(_("sheets and columns"), default=list)
    constants = models.JSONField(_("values for the whole file"), default=dict)
    counts = models.JSONField(_("counts"), default=dict)
    unknown = models.JSONField(_("unknown values"), default=list)
    recalled = models.JSONField(_("explained words used"), default=list)
    newer = models.JSONField(_("newer values in the registry"), default=dict)
    keeps_newer = models.BooleanField(_("keep newer values of the registry"), default=True)
    kept = models.JSONField(_("rows kept on undo"), default=list)
    error = models.JSONField(_("error"), null=True)
    history_context = models.UUIDField(null=True, editable=False)
    undo_contexts = ArrayField(models.UUIDField(), default=list, editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    committed_at = models.DateTimeField(_("imported at"), null=True)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["committed", "undone"])
                | models.Q(committed_at__isnull=False),
                name="import_committed_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def register(self) -> Register:
        """The register that the batch goes into."""
        return registry.get(self.register_key)


class ImportRow(models.Model):
    """One row of a batch: what it says, what it would change, what is wrong with it.

    newer: the values of the registry that are newer than what the row says, by column key: {"old":
        theirs, "new": the row's, "on": the day of the registry's last change, ISO}
    """

    class Action(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        WRONG = "wrong", _("Wrong")

    # The index below begins with the batch; a second one would only cost time at each row.
    OUTSIDE = models.Q(problems__0__code="out_of_scope")  # never said beside another problem

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", db_index=False)
    sheet = models.TextField(_("sheet"), blank=True)
    row = models.PositiveIntegerField(_("row"))
    action = models.CharField(_("action"), max_length=10, choices=Action)
    target = models.BigIntegerField(_("row in the registry"), null=True)
    values = models.JSONField(_("new values"), default=dict)
    before = models.JSONField(_("old values"), default=dict)
    inferred = models.JSONField(_("inferred"), default=list)
    newer = models.JSONField(_("newer in the registry"), default=dict)
    problems = models.JSONField(_("problems"), default=list)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        indexes = [models.Index(fields=["batch", "action", "id"], name="import_row_by_action")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


@tracked()
class LearnedAlias(models.Model):
    """A writing that somebody once explained: what it means in a vocabulary, for good."""

    vocabulary = models.CharField(_("vocabulary"), max_length=60)
    text = models.TextField(_("writing"))
    value = models.JSONField(_("meaning"), null=True)
    taught_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("explained by")
    )
    taught_at = models.DateTimeField(_("explained at"), auto_now=True)

    class Meta:
        ordering = ["vocabulary", "text"]
        verbose_name = _("learned writing")
        verbose_name_plural = _("learned writings")
        constraints = [
            models.UniqueConstraint(fields=["vocabulary", "text"], name="learned_alias_once")
        ]

    def __str__(self) -> str:
        return self.text


class ExportQuerySet(models.QuerySet):
    def for_user(self, user: Any) -> Self:
        """A person's own exports of the last days; nobody sees others'."""
        own = self.filter(created_by=user, created_at__gte=timezone.now() - Export.KEPT)
        return own.select_related("roster")


class Export(Work):
    """A list, or a comparison with it, written to a workbook apart from the request that asked.

    roster: the import whose comparison with the registry it is, else the export of a list
    query: the query string of the page; language: that of the person; personal: whether the file
    holds personal data, by the person's rights when it was written; scope: how far these rights
    reached then
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready to download")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Could not be written")

    AT_WORK = (Status.WAITING, Status.WRITING)
    KEPT = timedelta(days=7)
    command, folder, locks = "run_export", "exports", 0x1338

    register_key = models.CharField(_("register"), max_length=40)
    roster = models.ForeignKey(
        ImportBatch, models.CASCADE, null=True, related_name="exports", verbose_name=_("roster")
    )
    query = models.TextField(_("filters and columns"), blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked for by")
    )
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.WAITING)
    file = models.FileField(
        _("file"), upload_to="exports/%Y/%m/", storage=_private_files, blank=True
    )
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    personal = models.BooleanField(_("holds personal data"), default=False)
    scope = models.TextField(_("scope when written"), blank=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        what = self.roster.file_name if self.roster else self.register.label
        return f"{what} {timezone.localtime(self.created_at):%Y-%m-%d %H:%M}"

    @property
    def register(self) -> Register:
        """The register that the rows come from."""
        return registry.get(self.register_key)

    @property
    def at_work(self) -> bool:
        """Whether the export is under way or was when it broke off."""
        return self.status in self.AT_WORK

    @property
    def kept_until(self) -> Any:
        """When the file is deleted."""
        return self.created_at + self.KEPT


class SentForm(models.Model):
    """A form that has taken effect (registers/once.py). url: where it led."""

    key = models.UUIDField(primary_key=True, editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)
    url = models.TextField(blank=True)

    def __str__(self) -> str:
        return str(self.key)


class Origin(Context):
    """Who made a recorded change, and from where: pghistory's table of contexts, guarded by
    triggers like the tables of events."""

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
            NO_TRUNCATE,
            LEARN_ONLY,
        ]
