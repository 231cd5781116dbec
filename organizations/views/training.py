"""Training sessions, who attended them, and keeping both."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.filters import AttendanceFilter
from organizations.forms.training import AttendanceForm, SessionForm
from organizations.models import Association, Instructor, TrainingAttendance, TrainingSession
from organizations.operations.training import attend, keep_session, strike
from registers.days import requested_day
from registers.lists import RegisterList
from registers.refusals import tell
from registers.timeline import ENTRIES_PER_PAGE, row_timeline

VIEW, KEEP = Permission.VIEW_REGISTRY, Permission.KEEP_TRAINING
ROWS_PER_PAGE = 50
ORDER = ("-held_on", "title", "pk")
form_page = require_http_methods(["GET", "HEAD", "POST"])
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
    context = {
        "page": Paginator(shown, ROWS_PER_PAGE).get_page(request.GET.get("page")),
        "on": on,
        "day_problem": problem,
        "attended": attendances.as_of(on).count(),
        "may_keep": request.user.has_perm(KEEP),
    }
    return render(request, "organizations/trainingsession_list.html", context)


@require_safe
@requires(VIEW)
def training_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A session and those of its attendees that are of the scope."""
    session = _session(request, pk)
    form = AttendanceForm(by=request.user)
    return _detail(request, session, form)


@form_page
@requires(KEEP)
def training_add(request: HttpRequest) -> HttpResponse:
    """Enter a session."""
    form = SessionForm(request.POST or None, by=request.user)
    return _keep(request, form, _("New training session"), reverse(LIST), [])


@form_page
@requires(KEEP)
def training_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a session."""
    session = _session(request, pk, KEEP)
    form = SessionForm(request.POST or None, instance=session, by=request.user)
    url = _page_of(session)
    return _keep(request, form, _("Edit the session"), url, [(session.title, url)])


@require_POST
@requires(KEEP)
def training_attend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one more person on the session's list."""
    session = _session(request, pk, KEEP)
    instance = TrainingAttendance(session=session)
    form = AttendanceForm(request.POST, instance=instance, by=request.user)
    if _done(form, lambda: attend(attendance=form.instance, by=request.user)):
        text = _("%(name)s is on the list.") % {"name": form.instance}
        messages.success(request, text)
        return redirect(_page_of(session))
    return _detail(request, session, form)


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


@form_page
@requires(KEEP)
def attendance_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what the list says of a person."""
    attendance = _attendance(request, pk, KEEP)
    form = AttendanceForm(request.POST or None, instance=attendance, by=request.user)
    if _done(form, lambda: attend(attendance=form.instance, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect("organizations:trainingattendance-detail", pk)
    url = reverse("organizations:trainingattendance-detail", args=[pk])
    crumbs = [*_crumbs(attendance.session), (attendance.name, url), (_("Edit"), "")]
    context = {"form": form, "title": _("Edit the attendance"), "back": url, "crumbs": crumbs}
    return render(request, "organizations/training_form.html", context)


@require_POST
@requires(KEEP)
def attendance_strike(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person off the session's list."""
    attendance = _attendance(request, pk, KEEP)
    strike(attendance=attendance, by=request.user)
    text = _("%(name)s is off the list.") % {"name": attendance}
    messages.success(request, text)
    return redirect(_page_of(attendance.session))


LIST = "organizations:trainingsession-list"


def _detail(request: HttpRequest, session: TrainingSession, form: AttendanceForm) -> HttpResponse:
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
    return render(request, "organizations/trainingsession_detail.html", context)


def _keep(
    request: HttpRequest, form: SessionForm, title: str, back: str, above: Crumbs
) -> HttpResponse:
    if _done(form, lambda: keep_session(session=form.instance, by=request.user)):
        messages.success(request, _("Saved."))
        return redirect(_page_of(form.instance))
    crumbs = [(_("Training"), reverse(LIST)), *above, (title, "")]
    context = {"form": form, "title": title, "back": back, "crumbs": crumbs}
    return render(request, "organizations/training_form.html", context)


def _done(form: Any, save: Callable[[], Any]) -> bool:
    """Whether the form is right and `save` took it; else it says why not."""
    if not form.is_valid():
        return False
    try:
        save()
    except ValidationError as refusal:
        tell(form, refusal)
        return False
    return True


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
