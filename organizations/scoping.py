"""Who may do what, where: the one place that turns (user, permission) into a filter.

Every scoped queryset has `for_user`; lists, counts, dashboards, exports, choices in forms and
imports all start from it. Outside the scope a row does not exist for the person (404).
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone

from accounts.permissions import Permission
from accounts.roles import PERMISSIONS, roles_with
from organizations.querysets import related

NOTHING = Q(pk__in=[])
MODEL_PERMISSION = re.compile(r"\w+\.(add|change|delete|view)_\w+")  # Django's own, for the admin


def grants_in_force(user: Any) -> list[Any]:
    """The person's grants valid today; kept on the user object for the request."""
    if not hasattr(user, "_grants_in_force"):
        _keep_grants(user, _in_force(user.pk))
    return list(user._grants_in_force)


def _in_force(user: int) -> Any:
    return related.grants().in_force(timezone.localdate()).filter(user=user).order_by("role")


def _keep_grants(user: Any, rows: Iterable[Any]) -> None:
    grants = list(rows)
    limited = [grant for grant in grants if grant.department_id or grant.division_id]
    prefetch_related_objects(limited, "department", "division__children__children")
    user._grants_in_force = grants


def association_filter(user: Any, permission: Permission) -> Q:
    """The associations on which `user` may exercise `permission`, as a filter on Association."""
    return _filter(_reach(user, permission))


def _filter(reach: Mapping[str, set[int]] | None) -> Q:
    if reach is None:
        return Q()
    named: list[Any] = [Q((f"{field}__in", sorted(keys))) for field, keys in reach.items() if keys]
    return Q.create(named, connector=Q.OR) if named else NOTHING


def area_filter(department: int | None, division: Any) -> Q:
    """The associations of one department or of one division with all below it (a row with its
    children loaded or to be loaded); of the whole city without either."""
    return _filter(_area(department, division))


def report_filter(user: Any, permission: Permission) -> Q:
    """The reports, each of one area, that lie within what `user` may exercise `permission` on."""
    reached = _reach(user, permission)
    if reached is None:
        return Q()
    return Q(department__in=sorted(reached["industry_department"])) | Q(
        division__in=sorted(reached["division"])
    )


def areas(user: Any, permission: Permission) -> list[Any]:
    """The grants in force that give `user` the `permission`, each with a scope of its own: the
    whole city first, and alone."""
    grants = _grants_with(user, permission)
    citywide = [g for g in grants if g.department_id is None and g.division_id is None]
    found = {(g.department_id, g.division_id): g for g in citywide or grants}
    return list(found.values())


def department_filter(user: Any, permission: Permission, path: str = "") -> Q:
    """The departments that `user` answers for: those of the person's grants, and those of the
    divisions of the person's grants. As a filter on Department, or on rows that name one at `path`.
    """
    grants = _grants_with(user, permission)
    if any(g.department_id is None and g.division_id is None for g in grants):
        return Q()
    if not grants:
        return NOTHING
    departments, places = _offices(grants)
    division = f"{path}__division__in" if path else "division__in"
    return Q((f"{path or 'pk'}__in", sorted(departments))) | Q((division, sorted(places)))


def colleague_filter(user: Any, permission: Permission, path: str) -> Q:
    """The people whose own grants reach no further than a limited grant of `user`, as a filter on
    rows that name a person at `path`; NOTHING for somebody without such a grant."""
    departments, places = _offices(_grants_with(user, permission))
    if not departments and not places:
        return NOTHING
    grants = related.grants().filter(
        Q(department__in=sorted(departments)) | Q(division__in=sorted(places))
    )
    return Q((f"{path}__in", grants.values("user")))


def admits(user: Any, permission: Permission) -> Callable[[Mapping[str, Any]], bool]:
    """A test whether an association described by field values would lie in the person's scope.

    The values hold keys of departments and divisions under the names of Association's fields.
    """
    reach = _reach(user, permission)
    if reach is None:
        return lambda values: True
    return lambda values: any(values.get(field) in keys for field, keys in reach.items())


def reach(user: Any, permission: Permission) -> str:
    """How far `permission` reaches for `user`, as a text that changes when it reaches elsewhere."""
    keys = _reach(user, permission)
    return json.dumps(keys and {field: sorted(reached) for field, reached in keys.items()})


def _reach(user: Any, permission: Permission) -> dict[str, set[int]] | None:
    """Fields of Association, each with the keys of which one puts it into scope; None: all are."""
    grants = _grants_with(user, permission)
    if any(g.department_id is None and g.division_id is None for g in grants):
        return None
    return _fields(*_offices(grants))


def _fields(departments: set[int], places: set[int]) -> dict[str, set[int]]:
    return {
        "industry_department": departments,
        "supervising_unit": departments,
        "division": places,
        "managing_area": places,
    }


def _area(department: int | None, division: Any) -> dict[str, set[int]] | None:
    """Like _reach, of one department or one division."""
    if department is None and division is None:
        return None
    departments = {department} if department is not None else set()
    places = set(_with_all_below(division)) if division is not None else set()
    return _fields(departments, places)


def _offices(grants: list[Any]) -> tuple[set[int], set[int]]:
    """The keys of the departments of limited grants, and of the divisions in which they hold."""
    departments = {g.department_id for g in grants if g.department_id}
    places = {key for g in grants if g.division_id for key in _with_all_below(g.division)}
    return departments, places


def _grants_with(user: Any, permission: Permission) -> list[Any]:
    if not user.is_authenticated or not user.is_active:
        return []
    return [grant for grant in grants_in_force(user) if grant.role in roles_with(permission)]


def _with_all_below(place: Any) -> Iterator[int]:
    """The keys of a division, of those in it and of those in them: city, county, township."""
    yield place.pk
    for child in place.children.all():
        yield child.pk
        yield from (grandchild.pk for grandchild in child.children.all())


def is_citywide(user: Any, permission: Permission) -> bool:
    """Whether `user` holds `permission` without a limit of scope."""
    return _reach(user, permission) is None


class GrantBackend(ModelBackend):
    """Django's permission questions, answered from grants (roles) and nothing else."""

    def get_user(self, user_id: Any) -> Any:
        """The person, read together with the grants: every page asks for both."""
        grants = list(_in_force(user_id).select_related("user"))
        if not grants:
            return super().get_user(user_id)
        user = grants[0].user
        if not self.user_can_authenticate(user):
            return None
        _keep_grants(user, grants)
        return user

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        held: set[str] = set()
        for grant in grants_in_force(user_obj):
            held |= PERMISSIONS.get(grant.role, frozenset())
        return held

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        asked = Permission.ADMINISTER if MODEL_PERMISSION.fullmatch(perm) else perm
        return asked in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return self.has_perm(user_obj, Permission.ADMINISTER)
