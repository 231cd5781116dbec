"""Brands in the office: the list, the page of each, declaring one and its steps; and in public."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from assessments.filters import BrandFilter
from assessments.forms.brands import BrandForm, NewBrandForm, StepForm
from assessments.models import Brand, BrandStage
from assessments.operations.brands import STEPS, declare, steps_of, take_step
from assessments.registers import BrandRegister
from registers.lists import RegisterList
from registers.refusals import tell
from registers.views.records import RecordAdd, RecordEdit

VIEW, DECLARE = Permission.VIEW_ASSESSMENT, Permission.DECLARE_BRAND
UNPROCESSABLE = 422
WALL_PAGE = 24
PILLS = {
    BrandStage.DRAFT: "neutral",
    BrandStage.RETURNED: "overdue",
    BrandStage.NAMED: "done",
    BrandStage.DELISTED: "neutral",
}


class BrandList(RegisterList):
    """The brands in scope, as a list that is filtered and exported."""

    register_key = BrandRegister.key
    filterset_class = BrandFilter
    template_name = "assessments/brand_list.html"
    main_filters = ("level", "state", "stage", "department")
    sort_fields = {
        "title": "title",
        "department": "department__code",
        "since": "since",
        "named_on": "named_on",
        "valid_until": "valid_until",
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_declare = self.request.user.has_perm(DECLARE)
        return super().get_context_data(may_declare=may_declare, **kwargs)


@require_safe
@requires(VIEW)
def brand_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A brand: its five haves, its way, and the steps that one may take with it."""
    return _page(request, _brand(request, pk))


def _brand(request: HttpRequest, pk: int) -> Brand:
    rows = Brand.objects.for_user(request.user, VIEW)
    brand: Brand = get_object_or_404(rows.select_related("department", "association"), pk=pk)
    return brand


def _page(request: HttpRequest, brand: Brand, step: str = "", form: Any = None) -> HttpResponse:
    steps = steps_of(brand, request.user)
    forms = [(each, form if each.key == step else StepForm(step=each)) for each in steps]
    context = {
        "brand": brand,
        "crumbs": [
            (_("Assessments"), reverse("assessments:cycle-list")),
            (_("Brands"), reverse("assessments:brand-list")),
            (brand.title, ""),
        ],
        "pill": PILLS.get(BrandStage(brand.stage), "soon"),
        "haves": haves(brand, Brand.HAVES),
        "moves": brand.moves.select_related("by"),
        "forms": forms,
        "may_edit": _editable(request).filter(pk=brand.pk).exists(),
    }
    return render(
        request, "assessments/brand_detail.html", context, status=UNPROCESSABLE if form else 200
    )


def haves(brand: Brand, names: Sequence[str]) -> list[tuple[Any, str]]:
    """What the brand has, each with what it is called."""
    labels = {field.name: field.verbose_name for field in Brand._meta.fields}
    return [(labels[name], getattr(brand, name)) for name in names]


def _editable(request: HttpRequest) -> Any:
    """The brands that the person may still rewrite: drafts, and what was returned."""
    rows = Brand.objects.for_user(request.user, DECLARE)
    return rows.filter(stage__in=[BrandStage.DRAFT, BrandStage.RETURNED])


@require_http_methods(["POST"])
@requires(VIEW)
def brand_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Take a step with a brand."""
    if step not in STEPS:
        raise Http404
    brand = _brand(request, pk)
    if not request.user.has_perm(STEPS[step].ability):
        raise PermissionDenied
    form = StepForm(request.POST, step=STEPS[step])
    if form.is_valid():
        try:
            day = form.cleaned_data["on"]
            take_step(brand=brand, step=step, on=day, by=request.user, facts=form.facts())
        except ValidationError as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("assessments:brand-detail", pk)
    if step not in {each.key for each in steps_of(brand, request.user)}:
        messages.error(
            request, " ".join(map(str, form.non_field_errors())) or _("This step is taken.")
        )
        return redirect("assessments:brand-detail", pk)
    return _page(request, brand, step, form)


class BrandAdd(RecordAdd):
    """Declares a brand."""

    permission = DECLARE
    form_class = NewBrandForm

    def rows(self) -> QuerySet[Any]:
        return Brand.objects.for_user(self.request.user, DECLARE)

    def make(self) -> Brand:
        return Brand()

    def form_options(self) -> dict[str, Any]:
        return {"by": self.request.user}

    def title(self) -> str:
        return _("Declare a brand")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Brands"), self.back_url()), (self.title(), "")]

    def back_url(self) -> str:
        return reverse("assessments:brand-list")

    def success_url(self, row: Any) -> str:
        return reverse("assessments:brand-detail", args=[row.pk])

    def save(self, form: Any) -> Brand:
        return declare(brand=form.save(commit=False), by=self.request.user)


class BrandEdit(RecordEdit):
    """Rewrites a brand that was returned, before it is declared anew."""

    permission = DECLARE
    form_class = BrandForm

    def rows(self) -> QuerySet[Any]:
        return _editable(self.request)

    def form_options(self) -> dict[str, Any]:
        return {"by": self.request.user}

    def title(self) -> str:
        return _("Rewrite the declaration")

    def save(self, form: Any) -> Brand:
        form.instance.declared_by = self.request.user
        brand: Brand = form.save()
        return brand

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Brands"), reverse("assessments:brand-list")), (self.object.title, "")]

    def back_url(self) -> str:
        return reverse("assessments:brand-detail", args=[self.object.pk])


@require_safe
@login_not_required
def showcase(request: HttpRequest) -> HttpResponse:
    """The public wall: brands and demonstration sites in force today, without people."""
    today = timezone.localdate()
    rows = Brand.objects.in_force(today).select_related("department", "association")
    level = request.GET.get("level", "")
    shown = rows.filter(level=level) if level in Brand.Level.values else rows
    tabs = [
        {
            "label": label,
            "url": f"{request.path}?level={key}" if key else request.path,
            "current": key == (level if level in Brand.Level.values else ""),
            "count": (rows.filter(level=key) if key else rows).count(),
        }
        for key, label in [("", _("All")), *Brand.Level.choices]
    ]
    page = Paginator(shown.order_by("level", "-named_on", "pk"), WALL_PAGE)
    notices = Brand.objects.filter(stage=BrandStage.PUBLICISED).select_related("department")
    context = {
        "page": page.get_page(request.GET.get("page")),
        "tabs": tabs,
        "notices": notices[:WALL_PAGE],
        "today": today,
    }
    return render(request, "assessments/showcase.html", context)


@require_safe
@login_not_required
def brand_public(request: HttpRequest, pk: int) -> HttpResponse:
    """A brand in force, or one that is publicised, for everybody."""
    today = timezone.localdate()
    known = Brand.objects.in_force(today) | Brand.objects.filter(stage=BrandStage.PUBLICISED)
    brand = get_object_or_404(known.select_related("department", "association"), pk=pk)
    context = {
        "brand": brand,
        "crumbs": [(_("Showcase"), reverse("assessments:showcase")), (brand.title, "")],
        "haves": haves(brand, Brand.HAVES[1:]),
    }
    return render(request, "assessments/brand_public.html", context)
