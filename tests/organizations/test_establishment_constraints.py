"""What the database itself holds of the way to a Party organisation, whoever writes."""

import datetime
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from organizations.models import Coverage, Establishment, PartyOrganization, Stage, StageMove
from organizations.operations.establishment import begin, give_up, move, reopen
from organizations.stages import MOVES
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    EstablishmentFactory,
    PartyOrganizationFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 3, 1)
FACTS = {
    "approval_no": "菏社工发〔2025〕12号",
    "name": "支部",
    "kind": "branch",
    "secretary": "王芳",
}


def refuses(sql: str, *params: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(sql, params)
    except Error:
        return True
    return False


@pytest.mark.parametrize(
    "change",
    [
        "stage = 'requested'",
        "stage = 'nowhere'",
        "requested_on = '2025-03-01'",
        "stage = 'requested', requested_on = '2025-03-01', approval_no = '1号'",
        "stage = 'approved', requested_on = '2025-03-01', approved_on = '2025-03-02'",
        "stage = 'approved', requested_on = '2025-03-02', approved_on = '2025-03-01', "
        "approval_no = '1号'",
        "stage = 'established', established_on = '2025-03-01'",
        "stage = 'consolidated'",
        "from_roster = true",
        "closed_on = '2025-03-01'",
        "closed_reason = '无'",
        "lead_id = id, formation = 'found'",
        "formation = 'zz'",
        "kind = 'joint_branch'",
        "kind = 'zz'",
        "since = '1899-12-31'",
        "since = '9999-01-01'",
    ],
)
def test_a_stage_without_what_it_needs_is_refused(change) -> None:
    row = EstablishmentFactory()
    assert refuses(f"UPDATE organizations_establishment SET {change} WHERE id = %s", row.pk)


def test_with_what_it_needs_it_is_taken() -> None:
    row = EstablishmentFactory()
    change = (
        "stage = 'approved', requested_on = '2025-03-01', approved_on = '2025-03-01', "
        "approval_no = '1号'"
    )
    assert not refuses(f"UPDATE organizations_establishment SET {change} WHERE id = %s", row.pk)


def test_an_association_is_on_one_way_at_a_time() -> None:
    row = EstablishmentFactory()
    with pytest.raises(Error), transaction.atomic():
        EstablishmentFactory(association=row.association)
    Establishment.objects.update(closed_on=DAY, closed_reason="无")
    EstablishmentFactory(association=row.association)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE organizations_stagemove SET note = 'x'",
        "DELETE FROM organizations_stagemove",
        "TRUNCATE organizations_stagemove CASCADE",
    ],
)
def test_recorded_moves_stay(sql) -> None:
    EstablishmentFactory()
    assert refuses(sql)


@pytest.mark.parametrize(("before", "after"), [("surveyed", "zz"), ("zz", "surveyed"), ("", "")])
def test_moves_lead_between_known_stages(before, after) -> None:
    row = EstablishmentFactory()
    sql = (
        'INSERT INTO organizations_stagemove (establishment_id, from_stage, to_stage, "on", note) '
        "VALUES (%s, %s, %s, now(), '')"
    )
    assert not refuses(sql, row.pk, "surveyed", "cultivating")
    assert refuses(sql, row.pk, before, after)


def test_a_party_organisation_that_came_of_it_stays() -> None:
    party = PartyOrganizationFactory()
    EstablishmentFactory(
        stage="established", from_roster=True, established_on=DAY, party_organization=party
    )
    assert refuses("DELETE FROM organizations_partyorganization WHERE id = %s", party.pk)


STEPS = st.lists(st.sampled_from([*Stage.values, "give_up", "reopen"]), min_size=1, max_size=14)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_whatever_is_asked_only_declared_moves_happen(db, steps) -> None:
    """After every sequence: moves are of the table, the last one tells the stage, and an
    association is covered exactly while its establishment says so."""
    with transaction.atomic():
        by = StaffFactory(grant__role=Role.REVIEWER)
        association = AssociationFactory(party_members=5)
        AssignmentFactory(association=association)
        row = begin(association=association, by=by, on=DAY)
        for wanted in steps:
            _ask(row, wanted, by)
            _holds(Establishment.objects.get(pk=row.pk))
        transaction.set_rollback(True)


def _ask(row: Establishment, wanted: str, by: object) -> None:
    try:
        with transaction.atomic():
            if wanted == "give_up":
                give_up(establishment=row, reason="无", by=by)
            elif wanted == "reopen":
                reopen(establishment=row, by=by)
            else:
                _move(row, wanted, by)
    except ValidationError:
        pass


def _move(row: Establishment, to: str, by: object) -> None:
    current = Establishment.objects.get(pk=row.pk)
    rule = next((m for m in MOVES if (m.source, m.target) == (current.stage, to)), None)
    facts = {key: FACTS[key] for key in (rule.facts if rule else ()) if key in FACTS}
    move(establishment=row, to=to, on=current.since, by=by, note="核对", **facts)


def _holds(row: Establishment) -> None:
    declared = {(m.source, m.target) for m in MOVES}
    moves = list(StageMove.objects.filter(establishment=row).order_by("pk"))
    for earlier, later in pairwise(moves):
        assert later.from_stage == earlier.to_stage
        closing = "given_up" in (later.from_stage, later.to_stage)
        assert closing or (later.from_stage, later.to_stage) in declared
    assert moves[-1].to_stage == ("given_up" if row.closed_on else row.stage)
    organised = not row.is_ahead
    assert Coverage.objects.count() == PartyOrganization.objects.count() == int(organised)
