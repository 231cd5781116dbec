"""The rules that the database itself holds, whoever writes, and the history that it keeps."""

import datetime
from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from organizations.models import (
    AbnormalListing,
    Assignment,
    Association,
    Coverage,
    Division,
    Dormancy,
    Grant,
    Inspection,
    Instructor,
    LeadershipTerm,
    PartyOrganization,
    Rating,
    RectificationNote,
    TrainingAttendance,
    TrainingSession,
    UnresolvedAssignment,
    WeakListing,
    WorkEntry,
)
from organizations.models.associations import COUNTS
from organizations.search.keys import derived
from organizations.search.pinyin import spell
from registers.bulk import copy_rows, next_ids
from registers.models import Origin
from tests.factories.accounts import GrantFactory
from tests.factories.organizations import (
    AbnormalListingFactory,
    AssignmentFactory,
    AssociationFactory,
    CityFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    DormancyFactory,
    InspectionFactory,
    InstructorFactory,
    LeadershipTermFactory,
    PartyOrganizationFactory,
    RatingFactory,
    RectificationNoteFactory,
    TrainingAttendanceFactory,
    TrainingSessionFactory,
    UnresolvedAssignmentFactory,
    WeakListingFactory,
    WorkEntryFactory,
    credit_code,
)

pytestmark = pytest.mark.django_db
EARLY, LATE = datetime.date(2020, 1, 1), datetime.date(2021, 1, 1)
NEXT_YEAR = datetime.date(2027, 1, 1)
TOO_EARLY, TOO_LATE = datetime.date(1899, 12, 31), datetime.date(2101, 1, 1)


def day_before(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(1)


def like_another(factory: Any, *same: str, **values: Any) -> Callable[[], models.Model]:
    """A row made while its twin exists; it is to take over the twin's fields `same`."""

    def make() -> models.Model:
        twin, row = factory(**values), factory(**values)
        row.wanted = {name: getattr(twin, name) for name in same}
        return row

    return make


def second_committee() -> models.Model:
    """A department's committee, to be hosted by a department that has one."""
    twin, row = (
        PartyOrganizationFactory(
            kind="committee", committee_form="entity", host_department=DepartmentFactory()
        )
        for _ in range(2)
    )
    row.wanted = {"host_department": twin.host_department}
    return row


# Constraint, a lawful row, and the values that break the rule (`wanted` on the row adds more).
BREACHES: list[tuple[str, Callable[[], Any], dict[str, Any]]] = [
    ("association_credit_code_once", like_another(AssociationFactory, "credit_code"), {}),
    ("association_credit_code_well_formed", AssociationFactory, {"credit_code": "abc"}),
    ("association_name_once_while_registered", like_another(AssociationFactory, "name"), {}),
    ("association_ended_on_with_status", AssociationFactory, {"status": "revoked"}),
    ("association_ended_on_with_status", AssociationFactory, {"ended_on": LATE}),
    (
        "association_ends_after_it_begins",
        lambda: AssociationFactory(ended=True),
        {"registered_on": LATE, "ended_on": EARLY},
    ),
    (
        "association_direct_has_no_supervisor",
        lambda: AssociationFactory(supervising_unit=DepartmentFactory()),
        {"registration_type": "direct"},
    ),
    (
        "association_staff_adds_up",
        AssociationFactory,
        {"staff_full_time": 2, "staff_part_time": 2, "staff_total": 5},
    ),
    ("association_members_among_staff", AssociationFactory, {"staff_total": 2, "party_members": 3}),
    (
        "association_members_among_staff_parts",
        AssociationFactory,
        {"staff_full_time": 1, "staff_part_time": 1, "party_members": 3},
    ),
    (
        "association_not_transferred_among_members",
        lambda: AssociationFactory(party_members=2),
        {"members_not_transferred": 3},
    ),
    (
        "association_not_transferred_among_members",
        AssociationFactory,
        {"members_not_transferred": 1},
    ),
    *(
        ("association_counts_possible", AssociationFactory, {name: 1_000_001})
        for name in COUNTS
        if name != "members_not_transferred"  # never more than the members
    ),
    ("inspection_once_a_year", like_another(InspectionFactory, "association"), {}),
    ("inspection_result_of_its_regime", InspectionFactory, {"result": "reported"}),
    ("inspection_result_of_its_regime", InspectionFactory, {"regime": "report"}),
    ("rating_ends_after_it_begins", RatingFactory, {"valid_from": LATE, "valid_until": LATE}),
    (
        "rating_once_at_a_time",
        like_another(RatingFactory, "association", valid_until=LATE, valid_from=EARLY),
        {"valid_from": day_before(LATE), "valid_until": None},
    ),
    (
        "rating_undated_once",
        like_another(RatingFactory, "association", valid_from=None, valid_until=None),
        {},
    ),
    (
        "leadership_term_ends_after_it_begins",
        LeadershipTermFactory,
        {"valid_from": LATE, "valid_until": LATE},
    ),
    ("leadership_one_current", like_another(LeadershipTermFactory, "association"), {}),
    (
        "abnormal_listing_ends_after_it_begins",
        AbnormalListingFactory,
        {"entered_on": LATE, "removed_on": EARLY},
    ),
    ("abnormal_listing_current_once", like_another(AbnormalListingFactory, "association"), {}),
    ("dormancy_current_once", like_another(DormancyFactory, "association"), {}),
    ("dormancy_ends_after_it_begins", DormancyFactory, {"found_on": LATE, "ended_on": EARLY}),
    ("division_name_once_per_parent", like_another(CountyFactory, "name"), {}),
    ("division_city_alone_has_no_parent", CountyFactory, {"parent": None}),
    ("division_city_alone_has_no_parent", CountyFactory, {"kind": "city"}),
    ("division_tile_whole", CountyFactory, {"tile_column": 1}),
    ("division_tile_whole", CountyFactory, {"tile_row": 1}),
    (
        "grant_one_scope",
        lambda: GrantFactory(department=DepartmentFactory()),
        {"division": CityFactory},
    ),
    (
        "grant_administrator_citywide",
        lambda: GrantFactory(division=CityFactory()),
        {"role": "administrator"},
    ),
    ("grant_county_staff_has_division", GrantFactory, {"role": "county_staff"}),
    ("grant_department_staff_has_department", GrantFactory, {"role": "department_staff"}),
    ("grant_instructor_has_scope", GrantFactory, {"role": "instructor"}),
    ("grant_role_known", GrantFactory, {"role": "auditor"}),
    ("grant_ends_after_it_begins", GrantFactory, {"valid_from": LATE, "valid_until": LATE}),
    ("grant_once", like_another(GrantFactory, "user"), {}),
    ("instructor_name_once_per_unit", like_another(InstructorFactory, "name"), {}),
    (
        "instructor_term_ends_after_it_begins",
        InstructorFactory,
        {"term_from": LATE, "term_until": LATE},
    ),
    (
        "assignment_once_at_a_time",
        like_another(AssignmentFactory, "instructor", "association"),
        {},
    ),
    (
        "assignment_once_at_a_time",
        like_another(AssignmentFactory, "instructor", "association", ended_on=EARLY),
        {"assigned_on": day_before(EARLY), "ended_on": LATE},
    ),
    (
        "assignment_ends_after_it_begins",
        AssignmentFactory,
        {"assigned_on": LATE, "ended_on": EARLY},
    ),
    (
        "unresolved_assignment_once",
        like_another(UnresolvedAssignmentFactory, "instructor", "association_name"),
        {},
    ),
    (
        "party_organization_ends_after_it_begins",
        PartyOrganizationFactory,
        {"established_on": LATE, "dissolved_on": EARLY},
    ),
    (
        "party_organization_extended_a_year_at_most",
        PartyOrganizationFactory,
        {
            "established_on": datetime.date(2020, 1, 1),
            "extended_until": datetime.date(2024, 1, 2),
            "extension_approval": "菏社工发〔2023〕1号",
        },
    ),
    (
        "party_organization_extended_with_approval",
        PartyOrganizationFactory,
        {
            "established_on": datetime.date(2020, 1, 1),
            "extended_until": datetime.date(2023, 6, 1),
        },
    ),
    (
        "party_organization_form_of_a_department_s_committee",
        PartyOrganizationFactory,
        {"committee_form": "entity"},
    ),
    (
        "party_organization_one_committee_of_a_form",
        second_committee,
        {},
    ),
    (
        "party_organization_approved_before_it_begins",
        PartyOrganizationFactory,
        {"established_on": EARLY, "approved_on": LATE},
    ),
    (
        "party_organization_elects_after_it_begins",
        PartyOrganizationFactory,
        {"established_on": LATE, "last_election_on": EARLY},
    ),
    (
        "party_organization_extended_a_year_at_most",
        lambda: PartyOrganizationFactory(kind=""),
        {"extended_until": datetime.date(2018, 6, 1), "extension_approval": "菏组复1号"},
    ),
    ("weak_listing_rectifies_once_listed", WeakListingFactory, {"rectifying_since": EARLY}),
    ("weak_listing_accepted_once_rectifying", WeakListingFactory, {"accepted_on": NEXT_YEAR}),
    ("weak_listing_delisted_once_accepted", WeakListingFactory, {"delisted_on": NEXT_YEAR}),
    ("weak_listing_accepted_with_opinion", WeakListingFactory, {"accepted_by": "市委组织部"}),
    ("weak_listing_basis_once_delisted", WeakListingFactory, {"delisting_basis": "菏社工函1号"}),
    ("weak_listing_open_once", like_another(WeakListingFactory, "party_organization"), {}),
    (
        "rectification_note_once_a_month",
        like_another(RectificationNoteFactory, "listing"),
        {},
    ),
    (
        "rectification_note_of_a_month",
        RectificationNoteFactory,
        {"month": datetime.date(2026, 2, 2)},
    ),
    ("coverage_once_at_a_time", like_another(CoverageFactory, "association"), {}),
    (
        "coverage_once_at_a_time",
        like_another(CoverageFactory, "association", valid_until=EARLY),
        {"valid_from": day_before(EARLY), "valid_until": None},
    ),
    ("coverage_ends_after_it_begins", CoverageFactory, {"valid_from": LATE, "valid_until": EARLY}),
    ("coverage_ends_after_it_begins", CoverageFactory, {"valid_from": LATE, "valid_until": LATE}),
    ("assignment_ends_after_it_begins", AssignmentFactory, {"assigned_on": LATE, "ended_on": LATE}),
    ("assignment_reason_known", AssignmentFactory, {"reason": "zz"}),
    ("assignment_on_a_possible_day", AssignmentFactory, {"assigned_on": TOO_EARLY}),
    ("assignment_on_a_possible_day", AssignmentFactory, {"assigned_on": TOO_LATE}),
    ("instructor_term_begins_before_it_ends", InstructorFactory, {"term_until": LATE}),
    (
        "party_organization_on_possible_days",
        PartyOrganizationFactory,
        {"established_on": TOO_EARLY},
    ),
    (
        "party_organization_on_possible_days",
        PartyOrganizationFactory,
        {"last_election_on": TOO_LATE},
    ),
    ("weak_listing_on_a_possible_day", WeakListingFactory, {"listed_on": TOO_EARLY}),
    ("training_session_on_a_possible_day", TrainingSessionFactory, {"held_on": TOO_EARLY}),
    ("training_session_ends_after_it_begins", TrainingSessionFactory, {"until": EARLY}),
    (
        "training_session_ends_after_it_begins",
        TrainingSessionFactory,
        {"held_on": EARLY, "until": EARLY},
    ),
    ("assignment_says_why_only_once_ended", AssignmentFactory, {"end_reason": "轮岗"}),
    ("work_entry_is_of_the_past", WorkEntryFactory, {"on": datetime.date(2100, 1, 1)}),
    ("work_entry_says_what_was_done", WorkEntryFactory, {"done": ""}),
    (
        "training_session_once",
        like_another(TrainingSessionFactory, "title", "held_on", "organiser"),
        {},
    ),
    ("training_session_takes_time", TrainingSessionFactory, {"hours": 0}),
    (
        "training_attendance_once",
        like_another(TrainingAttendanceFactory, "session", "name", "unit"),
        {},
    ),
]
MODELS = (
    AbnormalListing,
    Assignment,
    Association,
    Coverage,
    Division,
    Dormancy,
    Grant,
    Inspection,
    Instructor,
    LeadershipTerm,
    PartyOrganization,
    Rating,
    RectificationNote,
    TrainingAttendance,
    TrainingSession,
    UnresolvedAssignment,
    WeakListing,
    WorkEntry,
)


def broken(make: Callable[[], Any], values: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    row = make()
    wanted = {k: v() if callable(v) else v for k, v in values.items()}
    return row, getattr(row, "wanted", {}) | wanted


def test_every_constraint_has_a_breach() -> None:
    declared = {c.name for model in MODELS for c in model._meta.constraints}
    assert {name for name, *_ in BREACHES} == declared


@pytest.mark.parametrize(("name", "make", "values"), BREACHES, ids=[b[0] for b in BREACHES])
def test_the_database_refuses(name: str, make: Callable[[], Any], values: dict[str, Any]) -> None:
    row, wanted = broken(make, values)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**wanted)


@pytest.mark.parametrize(("name", "make", "values"), BREACHES, ids=[b[0] for b in BREACHES])
def test_a_form_says_what_is_wrong(
    name: str, make: Callable[[], Any], values: dict[str, Any]
) -> None:
    row, wanted = broken(make, values)
    for field, value in wanted.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    (constraint,) = (c for c in type(row)._meta.constraints if c.name == name)
    messages = refusal.value.messages
    at_the_field = set(refusal.value.message_dict) == set(wanted)
    assert str(constraint.violation_error_message) % {"name": name} in messages or any(
        at_the_field or "已存在" in message or "已经存在" in message for message in messages
    )


@pytest.mark.parametrize(
    "code", ["abc", "51371700100000008E", "51371700100000018D", "51371700100000008d", "—"]
)
def test_a_credit_code_that_is_none_is_refused_by_forms(code: str) -> None:
    row = AssociationFactory()
    row.credit_code = code
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert set(refusal.value.message_dict) == {"credit_code"}


@pytest.mark.parametrize(
    ("factory", "same", "since", "until"),
    [
        (CoverageFactory, ["association"], "valid_from", "valid_until"),
        (AssignmentFactory, ["instructor", "association"], "assigned_on", "ended_on"),
    ],
)
def test_one_may_begin_as_the_other_ends(
    factory: Any, same: list[str], since: str, until: str
) -> None:
    first = factory(**{since: EARLY, until: LATE})
    twin = {name: getattr(first, name) for name in same}
    rows = [
        factory(**twin, **{since: LATE}),
        factory(**twin, **{until: EARLY}),
        factory(**{since: EARLY, until: LATE}),
    ]
    for row in [first, *rows]:
        row.full_clean()
    assert type(first).objects.count() == 4


def test_an_instructor_works_with_several_associations_and_these_with_several() -> None:
    row = AssignmentFactory()
    AssignmentFactory(instructor=row.instructor).full_clean()
    AssignmentFactory(association=row.association).full_clean()


def test_a_rating_without_dates_may_stand_beside_those_with_dates() -> None:
    association = RatingFactory().association
    RatingFactory(association=association, valid_from=None, valid_until=None).full_clean()
    RatingFactory(
        association=association, valid_from=datetime.date(2028, 1, 1), valid_until=None
    ).full_clean()


def test_no_note_is_of_a_month_before_its_listing() -> None:
    listing = WeakListingFactory(listed_on=datetime.date(2026, 1, 31))
    note = RectificationNoteFactory(listing=listing, month=datetime.date(2026, 1, 1))
    with pytest.raises(IntegrityError, match="before the listing"), transaction.atomic():
        RectificationNote.objects.filter(pk=note.pk).update(month=datetime.date(2025, 12, 1))
    with pytest.raises(IntegrityError, match="before the listing"), transaction.atomic():
        RectificationNoteFactory(listing=listing, month=datetime.date(2025, 12, 1))


def test_nobody_with_a_grant_is_deleted() -> None:
    grant = GrantFactory()
    with pytest.raises(models.ProtectedError):
        grant.user.delete()


@pytest.mark.parametrize("fields", [["name"], ["credit_code"], ["phone", "name"]])
def test_what_is_derived_follows_the_fields_that_are_saved_alone(fields: list[str]) -> None:
    row = AssociationFactory(name="菏泽市甲协会", credit_code="")
    row.name, row.credit_code = "菏泽市乙协会", credit_code(1)
    row.save(update_fields=fields)
    stored = Association.objects.get()
    assert (stored.pinyin, stored.initials, stored.search_keys) == derived(
        row.name, row.credit_code
    )


def test_what_is_derived_waits_for_a_name_that_is_not_saved() -> None:
    association, instructor = AssociationFactory(), InstructorFactory()
    kept = [association.pinyin, instructor.pinyin]
    for row in (association, instructor):
        row.name = "王强"
        row.save(update_fields=["remark"])
        row.refresh_from_db()
    assert [association.pinyin, instructor.pinyin] == kept


def test_an_instructors_pinyin_follows_a_name_saved_alone() -> None:
    row = InstructorFactory(name="张三")
    row.name = "王强"
    row.save(update_fields=["name"])
    row.refresh_from_db()
    assert row.pinyin == spell("王强")[0]


def test_ended_namesakes_and_missing_codes_are_lawful() -> None:
    for _ in range(2):
        AssociationFactory(name="菏泽市甲协会", ended=True, credit_code="")
    AssociationFactory(name="菏泽市甲协会", credit_code="")
    assert Association.objects.count() == 3


# History


def events(model: type[models.Model]) -> list[tuple[str, Any]]:
    rows = model.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    return [(e.pgh_label, e.pgh_context and e.pgh_context.metadata.get("why")) for e in rows]


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def copy_two_parties() -> None:
    fields = ["id", "name", "kind", "nature", "formation", "subordination", "superior"]
    fields += ["secretary", "secretary_source", "pinyin"]
    pks = next_ids(PartyOrganization, 2)
    copy_rows(PartyOrganization, fields, [(pk, "党支部", *["entity"] * 8) for pk in pks])


def test_rows_copied_in_bulk_are_in_the_history_with_their_origin() -> None:
    with pghistory.context(why="copy"):
        copy_two_parties()
    assert events(PartyOrganization) == [("insert", "copy")] * 2


def test_an_update_and_a_delete_in_sql_are_in_the_history() -> None:
    RatingFactory.create_batch(2)
    with pghistory.context(why="sql"):
        sql("UPDATE organizations_rating SET grade = '5A'")
        sql("DELETE FROM organizations_rating")
    assert events(Rating)[2:] == [("update", "sql")] * 2 + [("delete", "sql")] * 2


def test_an_event_holds_the_row_as_it_became() -> None:
    rating = RatingFactory(grade="3A")
    sql("UPDATE organizations_rating SET grade = '5A'")
    grades = Rating.pgh_event_model.objects.filter(pgh_obj=rating.pk)  # type: ignore[attr-defined]
    assert list(grades.order_by("pgh_id").values_list("grade", flat=True)) == ["3A", "5A"]


TRACKED = [model for model in apps.get_models() if hasattr(model, "pgh_event_model")]
TABLES = sorted(
    table._meta.db_table for model in TRACKED for table in (model, model.pgh_event_model)
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE organizations_ratingevent SET grade = '1A'",
        "DELETE FROM organizations_ratingevent",
        "TRUNCATE organizations_ratingevent",
    ],
)
def test_history_cannot_be_rewritten(statement: str) -> None:
    RatingFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)
    assert events(Rating) == [("insert", None)]


@pytest.mark.parametrize("table", TABLES)
def test_neither_history_nor_what_it_tells_of_can_be_emptied(table: str) -> None:
    with pytest.raises(DatabaseError, match="cannot truncate"), transaction.atomic():
        sql(f"TRUNCATE {table} CASCADE")


def test_a_row_cannot_escape_its_history_under_another_key() -> None:
    rating = RatingFactory(grade="3A")
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        sql("UPDATE organizations_rating SET id = id + 100000, grade = '5A'")
    rating.refresh_from_db()
    assert rating.grade == "3A"


@pytest.fixture
def origin() -> Any:
    """The context of a change, as pghistory stored it."""
    with pghistory.context(user=1, file="甲.xlsx") as context:
        RatingFactory()
    return context.id


def stored_origin(key: Any) -> tuple[Any, Any]:
    return Origin.objects.values_list("created_at", "metadata").get(pk=key)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pghistory_context SET metadata = '{}'",
        "UPDATE pghistory_context SET metadata = metadata - 'file'",
        "UPDATE pghistory_context SET metadata = metadata || '{\"user\": 2}'",
        "UPDATE pghistory_context SET created_at = created_at - interval '1 day'",
        "UPDATE pghistory_context SET id = gen_random_uuid()",
        "DELETE FROM pghistory_context",
        "TRUNCATE pghistory_context CASCADE",
    ],
)
@pytest.mark.parametrize("in_force", [True, False], ids=["in force", "past"])
def test_who_changed_what_and_from_where_cannot_be_rewritten(
    origin: Any, statement: str, in_force: bool
) -> None:
    before = stored_origin(origin)
    sql(f"SET LOCAL pghistory.context_id = '{origin if in_force else ''}'")
    with pytest.raises(DatabaseError), transaction.atomic():
        sql(statement)
    assert stored_origin(origin) == before


def test_a_past_change_is_given_no_origin_afterwards(origin: Any) -> None:
    sql("SET LOCAL pghistory.context_id = ''")
    with pytest.raises(DatabaseError), transaction.atomic():
        sql("UPDATE pghistory_context SET metadata = metadata || '{\"batch\": 7}'")


def test_the_context_in_force_learns_more() -> None:
    with pghistory.context(user=1) as context:
        RatingFactory()
        with pghistory.context(batch=7):
            RatingFactory()
    assert stored_origin(context.id)[1] == {"user": 1, "batch": 7}


def test_codes_of_the_factory_are_lawful() -> None:
    AssociationFactory(credit_code=credit_code(1)).full_clean()
