from accounts.permissions import Permission
from accounts.roles import PERMISSIONS, Role, roles_with

CHANGES = {
    Permission.EDIT_ASSOCIATION,
    Permission.EDIT_INSTRUCTOR,
    Permission.IMPORT_REGISTER,
    Permission.ADMINISTER,
}


def test_every_role_has_its_bundle():
    assert set(PERMISSIONS) == set(Role)


def test_only_the_administrator_administers():
    assert roles_with(Permission.ADMINISTER) == [Role.ADMINISTRATOR]


def test_inspection_leadership_and_finance_change_nothing():
    for role in (Role.INSPECTOR, Role.LEADER, Role.FINANCE):
        assert not PERMISSIONS[role] & CHANGES


def test_finance_and_instructors_see_no_personal_data():
    without = set(Role) - set(roles_with(Permission.VIEW_PERSONAL_DATA))
    assert without == {Role.FINANCE, Role.INSTRUCTOR}


def test_whoever_changes_something_may_also_see_it():
    for abilities in PERMISSIONS.values():
        assert not abilities & CHANGES or Permission.VIEW_REGISTRY in abilities
