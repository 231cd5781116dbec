"""Entering an instructor, and changing what is known of one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.forms.instructors import InstructorForm
from organizations.forms.refusals import tell
from organizations.models import Instructor
from organizations.operations.instructors import editable, keep_instructor

EDIT = Permission.EDIT_INSTRUCTOR
LIST = "organizations:instructor-list"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@requires(EDIT)
def instructor_add(request: HttpRequest) -> HttpResponse:
    """Enter an instructor. A doubled click meets the rule that a unit has a name once."""
    form = InstructorForm(request.POST or None, by=request.user)
    return _answer(request, form, _("New instructor"), reverse(LIST))


@form_page
@requires(EDIT)
@transaction.atomic
def instructor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an instructor's particulars."""
    seen = Instructor.objects.for_user(request.user, Permission.VIEW_REGISTRY)
    url = reverse("organizations:instructor-detail", args=[pk])
    instructor = get_object_or_404(seen, pk=pk)
    if not editable(request.user).filter(pk=pk).exists():
        messages.error(request, _("This instructor's particulars belong to another office."))
        return redirect(url)
    if request.method == "POST":
        instructor = Instructor.objects.select_for_update(no_key=True).get(pk=pk)
    form = InstructorForm(request.POST or None, instance=instructor, by=request.user)
    title = _("Edit %(name)s") % {"name": instructor}
    return _answer(request, form, title, url)


def _answer(request: HttpRequest, form: InstructorForm, title: str, back: str) -> HttpResponse:
    if form.is_valid():
        try:
            saved = keep_instructor(instructor=form.instance, by=request.user)
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("organizations:instructor-detail", saved.pk)
    crumbs: list[Any] = [(_("Instructors"), reverse(LIST)), (title, "")]
    context = {"form": form, "title": title, "back": back, "crumbs": crumbs}
    return render(request, "organizations/instructor_form.html", context)
