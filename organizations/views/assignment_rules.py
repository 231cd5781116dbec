"""The office's limits and weights of proposed assignments."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.forms.proposals import RulesForm
from organizations.models import AssignmentRules
from organizations.operations.assignment_rules import set_rules

EARLIER_PER_PAGE = 10


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SET_ASSIGNMENT_RULES)
def assignment_rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, a form to set others, and the earlier ones."""
    current = AssignmentRules.objects.in_force()
    if request.method == "POST":
        form = RulesForm(request.POST)
        if form.is_valid() and _set(request, form):
            return redirect("organizations:assignment-rules")
    else:
        form = RulesForm(instance=current, initial={"opened_at": current.pk or 0})
    every = AssignmentRules.objects.select_related("set_by")
    context = {
        "form": form,
        "current": current,
        "page": Paginator(every, EARLIER_PER_PAGE).get_page(request.GET.get("page")),
        "crumbs": [
            (_("Instructors"), reverse("organizations:instructor-list")),
            (_("Proposed assignments"), reverse("organizations:proposal-list")),
            (_("Rules"), ""),
        ],
    }
    return render(request, "organizations/assignment_rules.html", context)


def _set(request: HttpRequest, form: RulesForm) -> bool:
    """Put the rules of a valid form in force; whether that was possible."""
    opened_at = form.cleaned_data["opened_at"]
    try:
        changed = set_rules(rules=form.save(commit=False), opened_at=opened_at, by=request.user)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    if changed:
        messages.success(request, _("The rules are in force for every proposal from now on."))
    else:
        messages.info(request, _("Nothing was changed: these rules are in force already."))
    return True
