"""Who may do what, where: the one place that turns (user, permission) into a filter.

Every scoped queryset has `for_user`; lists, counts, dashboards, exports, choices in forms and
imports all start from it. Outside the scope a row does not exist for the person (404).
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import Permission
from accounts.roles import PERMISSIONS, roles_with

NOTHING = Q(pk__in=[])


def grants_in_force(user: Any) -> list[Any]:
    """The person's grants valid today; kept on the user object for the request."""
    if not hasattr(user, "_grants_in_force"):
        today = timezone.localdate()
        user._grants_in_force = list(
            user.grants.in_force(today).select_related("department", "division")
        )
    return list(user._grants_in_force)


def _grants_with(user: Any, permission: Permission) -> list[Any]:
    if not user.is_authenticated or not user.is_active:
        return []
    return [grant for grant in grants_in_force(user) if grant.role in roles_with(permission)]


def association_filter(user: Any, permission: Permission) -> Q:
    """The associations on which `user` may exercise `permission`, as a filter on Association."""
    grants = _grants_with(user, permission)
    if any(g.department_id is None and g.division_id is None for g in grants):
        return Q()
    filters: list[Any] = [
        _department_filter(g) if g.department_id else _division_filter(g) for g in grants
    ]
    return Q.create(filters, connector=Q.OR) if filters else NOTHING


def _department_filter(grant: Any) -> Q:
    return Q(industry_department=grant.department_id) | Q(supervising_unit=grant.department_id)


def _division_filter(grant: Any) -> Q:
    """Associations in a division or below it, and those that it or a zone in it manages."""
    place = grant.division_id
    return (
        Q(division=place)
        | Q(division__parent=place)
        | Q(division__parent__parent=place)
        | Q(managing_area=place)
        | Q(managing_area__parent=place)
    )


def admits(user: Any, permission: Permission) -> Callable[[Mapping[str, Any]], bool]:
    """A test whether an association described by field values would lie in the person's scope.

    The values hold keys of departments and divisions under the names of Association's fields.
    """
    grants = _grants_with(user, permission)
    if any(g.department_id is None and g.division_id is None for g in grants):
        return lambda values: True
    departments = {g.department_id for g in grants if g.department_id}
    places = _with_children({g.division_id for g in grants if g.division_id})
    return lambda values: bool(
        {values.get("industry_department"), values.get("supervising_unit")} & departments
        or {values.get("division"), values.get("managing_area")} & places
    )


def _with_children(places: set[int]) -> set[int]:
    within = Q(pk__in=places) | Q(parent__in=places) | Q(parent__parent__in=places)
    return (
        set(
            apps.get_model("organizations", "Division")
            .objects.filter(within)
            .values_list("pk", flat=True)
        )
        if places
        else set()
    )


def is_citywide(user: Any, permission: Permission) -> bool:
    """Whether `user` holds `permission` without a limit of scope."""
    return association_filter(user, permission) == Q()


class GrantBackend(ModelBackend):
    """Django's permission questions, answered from grants (roles) and nothing else."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        held: set[str] = set()
        for grant in grants_in_force(user_obj):
            held |= PERMISSIONS[grant.role]
        return held

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        held = self.get_all_permissions(user_obj, obj)
        return perm in held or Permission.ADMINISTER in held

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return self.has_perm(user_obj, Permission.ADMINISTER)
