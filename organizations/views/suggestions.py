"""Suggestions and complaints as the public sends them and reads the answers."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.lockout import client_address
from organizations.forms.suggestions import LookUpForm, SuggestionForm, new_token
from organizations.models import Association, Suggestion
from organizations.operations.suggestions import read, receive
from organizations.search.matching import relevance
from registers.keys import key_of

ANSWERS_PER_PAGE = 10
NAMES_OFFERED = 10


@require_safe
@login_not_required
def suggestions_public(request: HttpRequest) -> HttpResponse:
    """How to write to the office, and the answers that it has published."""
    rows = Suggestion.objects.published().only(
        "kind", "public_text", "public_answer", "published_on"
    )
    page = Paginator(rows, ANSWERS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "organizations/suggestions_public.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def suggestion_new(request: HttpRequest) -> HttpResponse:
    """The form, and the receipt for what it sent.

    The receipt is the answer to the sending itself, so that the code stands in no address and no
    cookie; loaded again, the page sends the same form again, which gives the same receipt.
    """
    if request.method != "POST":
        form = SuggestionForm(initial=_asked(request))
        return _form(request, form, new_token())
    form = SuggestionForm(request.POST)
    if form.is_valid():
        try:
            return _receipt(request, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return _form(request, form, form.token_to_offer)


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def suggestion_status(request: HttpRequest) -> HttpResponse:
    """How far a suggestion is and what was answered, for whoever has its code."""
    form = LookUpForm(request.POST or None)
    found = None
    if form.is_valid():
        try:
            found = read(**form.cleaned_data, client=client_address(request) or "unknown")
        except ValidationError as refusal:
            form.add_error(None, refusal)
    context = {"form": form, "suggestion": found, "today": timezone.localdate()}
    return render(request, "organizations/suggestion_status.html", context)


@require_safe
@login_not_required
def association_names(request: HttpRequest) -> HttpResponse:
    """Registered associations that may be meant by what is typed so far, the best first."""
    typed = request.GET.get("about", "")
    rows = Association.objects.as_of(timezone.localdate()).search(typed)
    names = rows.order_by(relevance(typed), "pinyin", "pk").values_list("name", flat=True)
    context = {"names": names[:NAMES_OFFERED] if typed.strip() else []}
    return render(request, "organizations/suggestion_new.html#options", context)


def _asked(request: HttpRequest) -> dict[str, str]:
    """What the page that led here knows already: the kind, and the association by its key."""
    asked = {"kind": Suggestion.Kind.SUGGESTION.value}
    if request.GET.get("kind") in Suggestion.Kind.values:
        asked["kind"] = request.GET["kind"]
    if key := key_of(request.GET.get("association", "")):
        name = Association.objects.filter(pk=key).values_list("name", flat=True).first()
        asked["about"] = name or ""
    return asked


def _form(request: HttpRequest, form: SuggestionForm, token: str) -> HttpResponse:
    context = {"form": form, "token": token}
    return render(request, "organizations/suggestion_new.html", context)


def _receipt(request: HttpRequest, form: SuggestionForm) -> HttpResponse:
    said = {name: form.cleaned_data[name] for name in form.Meta.fields}
    assert form.key is not None
    client = client_address(request) or "unknown"
    suggestion, code = receive(**said, key=form.key, client=client)
    context = {"suggestion": suggestion, "code": code}
    return render(request, "organizations/suggestion_receipt.html", context)
