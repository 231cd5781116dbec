"""Roles and the abilities that each bundles (architecture.md, People and rights)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("System administrator")
    LEADER = "leader", _("Office leader")
    REVIEWER = "reviewer", _("Office reviewer")
    FINANCE = "finance", _("Finance")
    DEPARTMENT_STAFF = "department_staff", _("Department staff")
    COUNTY_STAFF = "county_staff", _("County staff")
    INSTRUCTOR = "instructor", _("Party-building instructor")
    INSPECTOR = "inspector", _("Inspector")


_READ = frozenset({Permission.VIEW_REGISTRY, Permission.EXPORT_REGISTER})
_KEEP = _READ | {
    Permission.EDIT_ASSOCIATION,
    Permission.IMPORT_REGISTER,
    Permission.VIEW_PERSONAL_DATA,
}

PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.ADMINISTRATOR: _KEEP | {Permission.EDIT_INSTRUCTOR, Permission.ADMINISTER},
    Role.LEADER: _READ | {Permission.VIEW_PERSONAL_DATA},
    Role.REVIEWER: _KEEP | {Permission.EDIT_INSTRUCTOR},
    Role.FINANCE: _READ,
    Role.DEPARTMENT_STAFF: _KEEP,
    Role.COUNTY_STAFF: _KEEP | {Permission.EDIT_INSTRUCTOR},
    Role.INSTRUCTOR: frozenset({Permission.VIEW_REGISTRY}),
    Role.INSPECTOR: _READ | {Permission.VIEW_PERSONAL_DATA},
}


def roles_with(permission: Permission) -> list[str]:
    """The roles that bundle `permission`."""
    return [role for role, abilities in PERMISSIONS.items() if permission in abilities]
