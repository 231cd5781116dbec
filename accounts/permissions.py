"""Abilities, named once; roles bundle them (accounts/roles.py)."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that a person may be able to do. Checked with `user.has_perm(Permission.X)`."""

    VIEW_REGISTRY = "view_registry"
    EDIT_ASSOCIATION = "edit_association"
    EDIT_INSTRUCTOR = "edit_instructor"
    IMPORT_REGISTER = "import_register"
    EXPORT_REGISTER = "export_register"
    VIEW_PERSONAL_DATA = "view_personal_data"
    ADMINISTER = "administer"
