"""Training sessions, who attended them, and keeping both."""

import datetime
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.filters.training import AttendanceFilter
from organizations.forms.training import (
    AttendanceForm,
    NewAttendanceForm,
    NewSessionForm,
    SessionForm,
)
from organizations.models import Association, Instructor, TrainingAttendance, TrainingSession
from organizations.operations.training import attend, keep_session, strike
from organizations.search.matching import relevance
from registers.columns import Column, CountColumn, DateColumn
from registers.days import requested_day
from registers.downloads import EXPORT, day_and_number, exportable, table_response, wants_workbook
from registers.lists import RegisterList
from registers.timeline import ENTRIES_PER_PAGE, last_of_removed, row_timeline
from registers.views.records import RecordAdd, RecordEdit, RecordPage

VIEW, KEEP = Permission.VIEW_REGISTRY, Permission.KEEP_TRAINING
ROWS_PER_PAGE = 50
SUGGESTIONS = 10
COLUMNS = (
    Column(key="title", label=gettext_lazy("Session"), width=44),
    DateColumn(key="held_on", label=gettext_lazy("Held on")),
    DateColumn(key="until", label=gettext_lazy("Until")),
    Column(key="kind", label=gettext_lazy("Kind"), width=20),
    Column(key="organiser", label=gettext_lazy("Organiser"), width=24),
    Column(key="place", label=gettext_lazy("Place"), width=24),
    CountColumn(key="attended", label=gettext_lazy("Attendances")),
)
ORDER = ("-held_on", "title", "pk")
Crumbs = list[tuple[Any, str]]


class AttendanceList(RegisterList):
    """Every attendance, which a headline figure counts; imports and exports the rosters."""

    register_key = "attendances"
    filterset_class = AttendanceFilter
    template_name = "organizations/trainingattendance_list.html"
    main_filters = ("kind", "of")
    sort_fields: ClassVar[dict[str, str]] = {
        "name": "name",
        "unit": "unit",
        "session": "session__title",
        "held_on": "session__held_on",
        "until": "session__until",
        "organiser": "session__organiser__code",
        "association": "association__pinyin",
    }


@require_safe
@requires(VIEW)
def training_list(request: HttpRequest) -> HttpResponse:
    """The sessions in scope, the latest first, with how many people of the scope attended."""
    on, problem = requested_day(request.GET.get("as_of"))
    attendances = TrainingAttendance.objects.for_user(request.user, VIEW)
    rows = TrainingSession.objects.for_user(request.user, VIEW).filter(held_on__lte=on)
    shown = rows.with_attendance(attendances).select_related("organiser").order_by(*ORDER)
    if wants_workbook(request):
        return _workbook(exportable(shown, request.user), on)
    context = {
        "may_export": request.user.has_perm(EXPORT),
        "page": Paginator(shown, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "on": on,
        "day_problem": problem,
        "attended": attendances.as_of(on).count(),
        "may_keep": request.user.has_perm(KEEP),
    }
    return render(request, "organizations/trainingsession_list.html", context)


def _workbook(rows: Any, on: datetime.date) -> HttpResponse:
    records = (
        {
            "title": row.title,
            "held_on": row.held_on.isoformat(),
            "until": row.until and row.until.isoformat(),
            "kind": str(row.get_kind_display()),
            "organiser": str(row.organiser or ""),
            "place": row.place,
            "attended": row.attended,
        }
        for row in rows
    )
    notes = [day_and_number(on, rows.count())]
    return table_response(_("Training sessions"), COLUMNS, records, notes)


@require_safe
@requires(VIEW)
def training_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A session and those of its attendees that are of the scope."""
    session = _session(request, pk)
    form = NewAttendanceForm(instance=TrainingAttendance(session=session), by=request.user)
    return _detail(request, session, form)


class KeepPage(RecordPage):
    """What the pages share that change sessions and their lists: operations write, and what they
    refuse is said on the form."""

    permission = KEEP

    def form_options(self) -> dict[str, Any]:
        return {"by": self.request.user}


class SessionPage(KeepPage):
    """A session's own page of a form."""

    def rows(self) -> QuerySet[Any]:
        return TrainingSession.objects.for_user(self.request.user, KEEP)

    def success_url(self, row: Any) -> str:
        return _page_of(row)

    def save(self, form: Any) -> TrainingSession:
        return keep_session(session=form.save(commit=False), by=self.request.user)


class SessionAdd(SessionPage, RecordAdd):
    """Enters a session."""

    form_class = NewSessionForm

    def make(self) -> TrainingSession:
        return TrainingSession(held_on=timezone.localdate())

    def title(self) -> str:
        return _("New training session")

    def crumbs(self) -> Crumbs:
        return [(_("Training"), self.back_url()), (self.title(), "")]

    def back_url(self) -> str:
        return reverse(LIST)


class SessionEdit(SessionPage, RecordEdit):
    """Corrects a session."""

    form_class = SessionForm

    def title(self) -> str:
        return _("Edit the session")

    def crumbs(self) -> Crumbs:
        return [*_crumbs(self.object), (self.title(), "")]

    def back_url(self) -> str:
        return _page_of(self.object)


class AttendancePage(KeepPage):
    """A form on one person of a session's list."""

    def rows(self) -> QuerySet[Any]:
        return TrainingAttendance.objects.for_user(self.request.user, KEEP)

    def save(self, form: Any) -> TrainingAttendance:
        return attend(attendance=form.save(commit=False), by=self.request.user)


class AttendanceAdd(AttendancePage, RecordAdd):
    """Puts one more person on a session's list; the form stands on the session's page."""

    http_method_names = ["post"]
    form_class = NewAttendanceForm

    def make(self) -> TrainingAttendance:
        self.session = _session(self.request, self.kwargs["pk"], KEEP)
        return TrainingAttendance(session=self.session)

    def success_url(self, row: Any) -> str:
        return _page_of(self.session)

    def page(self, form: Any, status: int = 200) -> HttpResponse:
        return _detail(self.request, self.session, form, status)


class AttendanceEdit(AttendancePage, RecordEdit):
    """Corrects what the list says of a person."""

    form_class = AttendanceForm

    def title(self) -> str:
        return _("Edit the attendance")

    def crumbs(self) -> Crumbs:
        above = _crumbs(self.object.session)
        return [*above, (self.object.name, self.back_url()), (self.title(), "")]

    def back_url(self) -> str:
        return reverse("organizations:trainingattendance-detail", args=[self.object.pk])


@require_safe
@requires(VIEW)
def attendance_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person at one session, and its history."""
    attendance = _attendance(request, pk)
    entries = row_timeline(attendance, viewer=request.user)
    seen = Association.objects.for_user(request.user, VIEW)
    known = Instructor.objects.for_user(request.user, VIEW)
    context = {
        "attendance": attendance,
        "crumbs": [*_crumbs(attendance.session), (attendance.name, "")],
        "association": seen.filter(attendances=pk).first(),
        "instructor": known.filter(attendances=pk).first(),
        "may_keep": _may_keep(request, attendance.session),
        "history": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "organizations/trainingattendance_detail.html", context)


@require_safe
@requires(KEEP)
def association_suggestions(request: HttpRequest) -> HttpResponse:
    """The associations in scope that may be meant by what is typed so far, the best first."""
    typed = request.GET.get("association", "")
    found = Association.objects.for_user(request.user, VIEW).search(typed)
    names = found.order_by(relevance(typed), "pinyin", "pk").values_list("name", flat=True)
    context = {"names": names[:SUGGESTIONS]}
    return render(request, "organizations/unresolved.html#options", context)


@require_POST
@requires(KEEP)
def attendance_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person off the session's list."""
    if was := last_of_removed(TrainingAttendance, pk):
        sessions = TrainingSession.objects.for_user(request.user, KEEP)
        session = get_object_or_404(sessions, pk=was.session_id)
        messages.info(request, _("This person is off the list already."))
        return redirect(_page_of(session))
    attendance = _attendance(request, pk, KEEP)
    strike(attendance=attendance, by=request.user)
    text = _("%(name)s is off the list.") % {"name": attendance}
    messages.success(request, text)
    return redirect(_page_of(attendance.session))


LIST = "organizations:trainingsession-list"


def _detail(
    request: HttpRequest, session: TrainingSession, form: NewAttendanceForm, status: int = 200
) -> HttpResponse:
    attendances = session.attendances.for_user(request.user, VIEW)
    seen = Association.objects.for_user(request.user, VIEW).order_by().values("pk")
    context = {
        "session": session,
        "crumbs": [*_crumbs(session)[:1], (session.title, "")],
        "page": Paginator(
            attendances.select_related("association").order_by("pk"), ROWS_PER_PAGE
        ).get_page(request.GET.get("page")),
        "seen": set(seen.filter(attendances__session=session).values_list("pk", flat=True)),
        "may_keep": _may_keep(request, session),
        "form": form,
    }
    page = "organizations/trainingsession_detail.html"
    return render(request, page, context, status=status)


def _session(request: HttpRequest, pk: int, permission: Permission = VIEW) -> TrainingSession:
    rows = TrainingSession.objects.for_user(request.user, permission)
    return get_object_or_404(rows.select_related("organiser"), pk=pk)


def _attendance(request: HttpRequest, pk: int, permission: Permission = VIEW) -> TrainingAttendance:
    rows = TrainingAttendance.objects.for_user(request.user, permission)
    return get_object_or_404(rows.select_related("session__organiser", "association"), pk=pk)


def _may_keep(request: HttpRequest, session: TrainingSession) -> bool:
    return TrainingSession.objects.for_user(request.user, KEEP).filter(pk=session.pk).exists()


def _crumbs(session: TrainingSession) -> Crumbs:
    return [(_("Training"), reverse(LIST)), (session.title, _page_of(session))]


def _page_of(session: TrainingSession) -> str:
    return reverse("organizations:trainingsession-detail", args=[session.pk])
