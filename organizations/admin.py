"""The registry and its people in the admin: people, grants and reference data are kept here, the
rest is looked at, since its rules are those of forms and operations."""

from typing import Any

from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.forms import GivenPasswordForm
from accounts.models import User
from organizations.models import (
    AbnormalListing,
    Assignment,
    Association,
    Coverage,
    Department,
    Division,
    Dormancy,
    Grant,
    Inspection,
    Instructor,
    LeadershipTerm,
    PartyOrganization,
    Rating,
    RectificationNote,
    UnresolvedAssignment,
    WeakListing,
)
from organizations.timelines.association import association_timeline
from organizations.timelines.grants import grants_timeline
from organizations.timelines.instructor import instructor_timeline
from registers.addresses import detail_url
from registers.admin import ReadOnly, ReadOnlyAdmin, RegisterAdmin
from registers.timeline import ENTRIES_PER_PAGE, Entry, row_timeline


class HistoryMixin:
    """A history page of every recorded change, not only of those made in the admin."""

    object_history_template: Any = "admin/organizations/object_history.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]
        entries = self.timeline(row, request.user) if row else []
        page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
        context = {"history": page} | (extra_context or {})
        return super().history_view(request, object_id, context)  # type: ignore[misc]

    def timeline(self, row: Any, viewer: Any) -> list[Entry]:
        return row_timeline(row, viewer=viewer)


class GrantInline(admin.TabularInline):
    model = Grant
    extra = 0
    autocomplete_fields = ["department", "division"]


@admin.register(User)
class PersonAdmin(HistoryMixin, UserAdmin):
    """People and their grants. Nobody is deleted, because history names them: deactivate."""

    list_display = ["username", "full_name", "unit", "is_active", "last_login"]
    list_filter = ["is_active", "grants__role"]
    search_fields = ["username", "full_name", "unit"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    inlines = [GrantInline]
    add_form = UserCreationForm
    change_password_form = GivenPasswordForm
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": ["full_name", "unit", "email"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["username", "full_name", "unit", "password1", "password2"],
            },
        ),
    ]

    actions = ["lift_lock"]

    @admin.action(description=_("Lift the lock after failed log-ins"))
    def lift_lock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            reset(username=person.username)
        self.message_user(request, _("They can log in again."), messages.SUCCESS)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def timeline(self, row: Any, viewer: Any) -> list[Entry]:
        return grants_timeline(row, viewer=viewer)


@admin.register(Division)
class DivisionAdmin(HistoryMixin, admin.ModelAdmin):
    list_display = ["name", "code", "kind", "parent"]
    list_filter = ["kind"]
    list_select_related = ["parent"]
    search_fields = ["name", "code", "parent__name"]
    autocomplete_fields = ["parent"]


class DivisionKindFilter(admin.ChoicesFieldListFilter):
    """Departments by the kind of the division that they belong to, named so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("kind of division")


@admin.register(Department)
class DepartmentAdmin(HistoryMixin, admin.ModelAdmin):
    list_display = ["name", "short_name", "division", "is_assessed"]
    list_filter = ["is_assessed", ("division__kind", DivisionKindFilter)]
    list_select_related = ["division"]
    search_fields = ["name", "short_name", "code", "aliases"]
    autocomplete_fields = ["division"]


class Belonging(ReadOnly, admin.TabularInline):
    """Rows that belong to the one shown."""

    extra = 0


class CoverageInline(Belonging):
    model = Coverage


class AssignmentInline(Belonging):
    model = Assignment


class InspectionInline(Belonging):
    model = Inspection


class RatingInline(Belonging):
    model = Rating


class LeadershipTermInline(Belonging):
    model = LeadershipTerm


class AbnormalListingInline(Belonging):
    model = AbnormalListing


class DormancyInline(Belonging):
    model = Dormancy


class RectificationNoteInline(Belonging):
    model = RectificationNote


class UnresolvedAssignmentInline(Belonging):
    model = UnresolvedAssignment


@admin.register(Association)
class AssociationAdmin(HistoryMixin, RegisterAdmin):
    register_key = "associations"
    list_display = ["name", "credit_code", "level", "division", "industry_department", "status"]
    list_filter = ["status", "level", "registration_type", "kind"]
    list_select_related = ["division", "industry_department"]
    search_fields = ["name", "credit_code", "pinyin", "initials"]
    inlines = [
        CoverageInline,
        AssignmentInline,
        InspectionInline,
        RatingInline,
        LeadershipTermInline,
        AbnormalListingInline,
        DormancyInline,
    ]

    def timeline(self, row: Any, viewer: Any) -> list[Entry]:
        return association_timeline(row, viewer=viewer, hide_personal=False)


@admin.register(PartyOrganization)
class PartyOrganizationAdmin(HistoryMixin, ReadOnlyAdmin):
    list_display = ["__str__", "kind", "nature", "established_on", "secretary"]
    list_filter = ["kind", "nature", "formation"]
    search_fields = ["name", "secretary", "associations__name"]
    inlines = [CoverageInline]

    def view_on_site(self, row: Any) -> str:
        return detail_url(PartyOrganization, row.pk)


@admin.register(WeakListing)
class WeakListingAdmin(HistoryMixin, ReadOnlyAdmin):
    list_display = ["party_organization", "reason", "listed_on", "rectifying_since", "delisted_on"]
    list_filter = ["reason"]
    list_select_related = ["party_organization"]
    search_fields = ["party_organization__name"]
    inlines = [RectificationNoteInline]


@admin.register(Instructor)
class InstructorAdmin(HistoryMixin, RegisterAdmin):
    register_key = "instructors"
    list_display = ["name", "unit", "post", "engagement", "in_pool"]
    list_filter = ["in_pool", "engagement"]
    search_fields = ["name", "unit"]
    inlines = [AssignmentInline, UnresolvedAssignmentInline]

    def timeline(self, row: Any, viewer: Any) -> list[Entry]:
        return instructor_timeline(row, viewer=viewer, hide_personal=False)
