"""Two entries become one, and two again."""

import datetime
import threading

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from organizations.models import (
    Assignment,
    Association,
    Coverage,
    DistinctName,
    Dormancy,
    Establishment,
    FormerName,
    Inspection,
    Merger,
    NotDuplicate,
    PartyOrganization,
    Rating,
)
from organizations.operations.duplicates import tell_apart
from organizations.operations.establishment import give_up, take_over
from organizations.operations.merging import merge, undo_merger
from organizations.queries.merging import ABSORBED, KEPT, Merging, relations
from organizations.timelines.association import association_timeline
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import BrandFactory
from tests.factories.organizations import (
    AbnormalListingFactory,
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    DistinctNameFactory,
    DocumentFactory,
    DormancyFactory,
    EstablishmentFactory,
    FormerNameFactory,
    InspectionFactory,
    LeadershipTermFactory,
    MergerFactory,
    NotDuplicateFactory,
    RatingFactory,
    SuggestionFactory,
    TrainingAttendanceFactory,
    WorkEntryFactory,
)
from tests.factories.proposals import ProposalRowFactory
from tests.registers.workbook_builder import NAME, association, imported_rows, roster, staged

pytestmark = pytest.mark.django_db

MOVING = [
    AbnormalListingFactory,
    AssignmentFactory,
    BrandFactory,
    CoverageFactory,
    DocumentFactory,
    DormancyFactory,
    EstablishmentFactory,
    FormerNameFactory,
    InspectionFactory,
    LeadershipTermFactory,
    ProposalRowFactory,
    RatingFactory,
    SuggestionFactory,
    TrainingAttendanceFactory,
    WorkEntryFactory,
]


@pytest.fixture
def by():
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.fixture
def pair():
    """The entry to keep and the one to take in."""
    kept = AssociationFactory(name="菏泽市木业协会", phone="", legal_representative="张三")
    absorbed = AssociationFactory(name="菏泽市木业商会", credit_code="", phone="19900000001")
    return kept, absorbed


def done(pair, by, take=(), answer="", **answers) -> Merger:
    merging = Merging(*pair)
    answers = answers or {conflict.key: answer for conflict in merging.conflicts}
    return merge(
        kept=pair[0],
        absorbed=pair[1],
        take=take,
        answers=answers,
        version=merging.version,
        by=by,
    )


def compared(one, other) -> str:
    return reverse("organizations:merge", args=[one.pk, other.pk])


def everything() -> dict[str, list]:
    """Every row of every tracked table but the log of mergers, by its values."""
    models = [m for m in apps.get_models() if hasattr(m, "pgh_event_model") and m is not Merger]
    return {m._meta.label: sorted(map(repr, m.objects.values())) for m in models}


def test_every_kind_of_row_is_tried_here() -> None:
    """A model that comes later needs a line in MOVING, or rules of its own."""
    tried = {factory._meta.model for factory in MOVING} | {Merger}
    assert {each.model for each in relations()} == tried
    assert not {NotDuplicate, DistinctName} & tried


@pytest.mark.parametrize("factory", MOVING, ids=lambda factory: factory._meta.model.__name__)
def test_what_belongs_to_the_entry_moves_along_and_back(pair, by, factory) -> None:
    row = factory(association=pair[1])
    before = everything()
    merger = done(pair, by)
    row.refresh_from_db()
    assert row.association == pair[0]
    assert not Association.objects.filter(pk=merger.absorbed).exists()
    undo_merger(merger=merger, by=by)
    assert everything() == before


def test_earlier_mergers_move_along(pair, by) -> None:
    earlier = MergerFactory(survivor=pair[1])
    done(pair, by)
    earlier.refresh_from_db()
    assert earlier.survivor == pair[0]


CONFLICTING = [
    (CoverageFactory, {}, {"valid_from": datetime.date(2016, 1, 1)}),
    (InspectionFactory, {}, {"result": Inspection.Result.FAILED}),
    (RatingFactory, {}, {"grade": Rating.Grade.A5}),
    (RatingFactory, {"valid_from": None, "valid_until": None},
     {"grade": Rating.Grade.A5, "valid_from": None, "valid_until": None}),
    (LeadershipTermFactory, {}, {}),
    (AbnormalListingFactory, {}, {"entry_reason": "失联"}),
    (DormancyFactory, {}, {"reason": Dormancy.Reason.UNREACHABLE}),
]  # fmt: skip


@pytest.mark.parametrize("answer", [KEPT, ABSORBED])
@pytest.mark.parametrize(("factory", "of_kept", "of_absorbed"), CONFLICTING)
def test_of_two_that_cannot_both_stand_the_chosen_one_does(
    pair, by, factory, of_kept, of_absorbed, answer
) -> None:
    one = factory(association=pair[0], **of_kept)
    other = factory(association=pair[1], **of_absorbed)
    before = everything()
    merger = done(pair, by, answer=answer)
    left = type(one).objects.get()
    assert left == (one if answer == KEPT else other)
    assert left.association == pair[0]
    undo_merger(merger=merger, by=by)
    assert everything() == before


def test_an_assignment_of_one_instructor_to_both_is_a_conflict(pair, by) -> None:
    one = AssignmentFactory(association=pair[0])
    day = datetime.date(2018, 1, 1)
    AssignmentFactory(association=pair[1], instructor=one.instructor, assigned_on=day)
    done(pair, by, answer=KEPT)
    assert Assignment.objects.get() == one


def test_a_row_that_overlaps_two_replaces_these_two_and_no_third(pair, by) -> None:
    years = [(2015, 2016), (2016, 2018), (2018, 2020)]
    first, *_rest = [
        CoverageFactory(
            association=pair[0],
            valid_from=datetime.date(since, 1, 1),
            valid_until=datetime.date(until, 1, 1),
        )
        for since, until in years
    ]
    other = CoverageFactory(association=pair[1], valid_from=datetime.date(2017, 1, 1))
    done(pair, by, answer=ABSORBED)
    assert set(Coverage.objects.all()) == {first, other}


def test_what_other_records_refer_to_is_not_deleted(pair, by) -> None:
    """Both have an establishment under way, each with its moves: one must be given up first."""
    EstablishmentFactory(association=pair[0])
    EstablishmentFactory(association=pair[1], kind=PartyOrganization.Kind.COMMITTEE)
    before = everything()
    with pytest.raises(ValidationError, match="先结束其中一方"):
        done(pair, by, answer=KEPT)
    assert everything() == before


def test_what_stands_in_the_way_is_said_first_with_the_way_to_it(pair, by, client) -> None:
    rows = [EstablishmentFactory(association=pair[0]), EstablishmentFactory(association=pair[1])]
    Establishment.objects.filter(pk=rows[1].pk).update(kind="committee")
    client.force_login(by)
    text = client.get(compared(*pair)).text
    for row in rows:
        url = reverse("organizations:establishment-detail", args=[row.pk])
        assert 0 < text.index(url) < text.index('class="merge"')
    give_up(establishment=rows[1], reason="系重复登记", by=by)
    done(pair, by, answer=KEPT)
    assert set(pair[0].establishments.all()) == set(rows)


def test_a_plan_beside_the_other_entry_s_party_organisation_is_to_be_confirmed(
    pair, by, client
) -> None:
    row = EstablishmentFactory(association=pair[0])
    coverage = CoverageFactory(association=pair[1])
    done(pair, by, answer=KEPT)
    client.force_login(by)
    detail = reverse("organizations:establishment-detail", args=[row.pk])
    assert client.get(detail).context["overtaken"]
    page = client.get(reverse("organizations:association-detail", args=[pair[0].pk]))
    assert f'<a href="{detail}">去确认已成立</a>' in page.text
    take_over(establishment=row, by=by)
    row.refresh_from_db()
    assert (row.stage, row.party_organization) == ("established", coverage.party_organization)


def test_the_side_that_other_records_refer_to_stands(pair, by) -> None:
    Establishment.objects.create(
        association=pair[0],
        formation=Establishment.Formation.STANDALONE,
        kind=PartyOrganization.Kind.BRANCH,
        since=datetime.date(2024, 1, 1),
    )
    EstablishmentFactory(association=pair[1], kind=PartyOrganization.Kind.COMMITTEE)
    with pytest.raises(ValidationError):
        done(pair, by, answer=KEPT)
    done(pair, by, answer=ABSORBED)
    assert pair[0].establishments.get().kind == PartyOrganization.Kind.COMMITTEE


def test_rows_beside_each_other_are_no_conflict(pair, by) -> None:
    InspectionFactory(association=pair[0], year=2023)
    InspectionFactory(association=pair[1], year=2024)
    assert Merging(*pair).conflicts == []
    done(pair, by)
    assert pair[0].inspections.count() == 2


def test_the_very_same_row_is_kept_once_without_a_question(pair, by) -> None:
    InspectionFactory(association=pair[0])
    InspectionFactory(association=pair[1])
    done(pair, by)
    assert pair[0].inspections.count() == 1


def test_a_conflict_without_an_answer_stops_the_merger(pair, by) -> None:
    CoverageFactory(association=pair[0])
    CoverageFactory(association=pair[1])
    before = everything()
    with pytest.raises(ValidationError):
        done(pair, by)
    assert everything() == before


def test_party_organisations_keep_their_identity(pair, by) -> None:
    CoverageFactory(association=pair[0])
    CoverageFactory(association=pair[1])
    keys = set(PartyOrganization.objects.values_list("pk", flat=True))
    done(pair, by, answer=ABSORBED)
    assert set(PartyOrganization.objects.values_list("pk", flat=True)) == keys


def test_the_fields_chosen_are_taken_from_the_other(pair, by) -> None:
    done(pair, by, take=["phone", "name"])
    kept = Association.objects.get()
    assert (kept.name, kept.phone, kept.legal_representative) == (
        "菏泽市木业商会",
        "19900000001",
        "张三",
    )
    assert kept.pinyin.endswith("shanghui")


def test_blanks_are_filled_but_where_the_values_do_not_go_together() -> None:
    kept = AssociationFactory(registration_type="direct", supervising_unit=None, phone="")
    other = AssociationFactory(supervising_unit=kept.industry_department, phone="19900000001")
    wanted = {each.name for each in Merging(kept, other).fields if each.prefers_absorbed}
    assert wanted == {"phone"}


def test_values_that_do_not_go_together_are_said_and_nothing_changes(pair, by) -> None:
    kept, absorbed = pair
    Association.objects.filter(pk=kept.pk).update(registration_type="direct")
    Association.objects.filter(pk=absorbed.pk).update(supervising_unit=kept.industry_department)
    pair = [Association.objects.get(pk=each.pk) for each in pair]
    before = everything()
    with pytest.raises(ValidationError, match="业务主管单位"):
        done(pair, by, take=["supervising_unit"])
    assert everything() == before


def test_the_other_name_finds_the_entry_in_later_rosters(pair, by) -> None:
    name = pair[1].name
    done(pair, by)
    batch = imported_rows({NAME: name, "联系电话": "19900000009"})
    assert batch.counts["changed"] == 1
    kept = association("菏泽市木业协会")
    assert (kept.phone, Association.objects.count()) == ("19900000009", 1)


def test_a_name_taken_over_leaves_the_old_one_as_a_former_name(pair, by) -> None:
    done(pair, by, take=["name"])
    assert list(FormerName.objects.values_list("name", flat=True)) == ["菏泽市木业协会"]


def test_two_names_of_one_association_in_a_roster_are_a_repetition(pair, by) -> None:
    names = [each.name for each in pair]
    done(pair, by)
    batch = staged(roster(*({NAME: name} for name in names)))
    assert (batch.counts["unchanged"], batch.counts["wrong"]) == (1, 1)


def test_what_was_told_apart_from_the_one_is_told_apart_from_the_other(pair, by) -> None:
    third, fourth = AssociationFactory(), AssociationFactory()
    NotDuplicateFactory(low=pair[1], high=third)
    NotDuplicateFactory(low=pair[0], high=fourth)
    NotDuplicateFactory(low=pair[0], high=pair[1])
    DistinctNameFactory(association=pair[1], name="菏泽市板材协会")
    DistinctNameFactory(association=pair[0], name="菏泽市板材协会")
    before = everything()
    merger = done(pair, by)
    settled = set(NotDuplicate.objects.values_list("low", "high"))
    assert settled == {(pair[0].pk, third.pk), (pair[0].pk, fourth.pk)}
    assert DistinctName.objects.get().association == pair[0]
    undo_merger(merger=merger, by=by)
    assert everything() == before


def test_the_history_of_the_entry_tells_of_both(pair, by) -> None:
    merger = done(pair, by, take=["phone"])
    entries = association_timeline(merger.survivor, viewer=by, hide_personal=False)
    told = [change for entry in entries for row in entry.rows for change in row.fields]
    assert {"菏泽市木业商会", "19900000001"} <= {change.after for change in told}


def test_a_merger_is_undone_once(pair, by) -> None:
    merger = done(pair, by)
    undo_merger(merger=merger, by=by)
    with pytest.raises(ValidationError):
        undo_merger(merger=merger, by=by)
    assert Association.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_merger_worked_on_since_stays(pair, by) -> None:
    row = InspectionFactory(association=pair[1])
    merger = done(pair, by)
    Inspection.objects.filter(pk=row.pk).update(result=Inspection.Result.FAILED)
    before = everything()
    with pytest.raises(ValidationError):
        undo_merger(merger=merger, by=by)
    assert everything() == before


@pytest.fixture
def county_pair():
    """A county's member of staff, and two entries of the county."""
    county = CountyFactory()
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    return by, *AssociationFactory.create_batch(2, division=county)


def test_the_page_counts_what_its_reader_may_not_read(county_pair, client) -> None:
    by, kept, absorbed = county_pair
    SuggestionFactory(association=absorbed, text="投诉会长乱收费", contact="王某某13999998888")
    InspectionFactory(association=absorbed, year=2019)
    client.force_login(by)
    answer = client.get(f"{compared(kept, absorbed)}?keep={kept.pk}")
    content = answer.content.decode()
    assert "2019" in content
    assert "投诉会长乱收费" not in content
    assert "13999998888" not in content
    (counted,) = [move for move in answer.context["moves"] if not move.free.facts]
    assert counted.free.number == 1


def test_conflicting_rows_are_told_of_only_as_far_as_their_model_says(
    county_pair, client, monkeypatch
) -> None:
    by, kept, absorbed = county_pair
    for entry, result in ((kept, "passed"), (absorbed, "failed")):
        InspectionFactory(association=entry, year=2019, result=result)
    monkeypatch.delattr(Inspection, "told_when_merging")
    client.force_login(by)
    content = client.get(compared(kept, absorbed)).content.decode()
    assert "2019" not in content


def test_what_may_be_told_names_fields_that_there_are() -> None:
    for relation in relations():
        fields = {field.name for field in relation.model._meta.concrete_fields}
        assert set(relation.told) <= fields - {"id", relation.field}, relation.label


def test_a_second_click_leads_to_the_entry_that_is_kept(pair, by, client) -> None:
    url = compared(*pair)
    done(pair, by)
    client.force_login(by)
    page = reverse("organizations:association-detail", args=[pair[0].pk])
    for answer in (client.post(url, {"keep": pair[0].pk}), client.get(url)):
        assert (answer.status_code, answer["Location"]) == (302, page)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_both_lead_to_the_entry_that_is_kept(by) -> None:
    pair = AssociationFactory(), AssociationFactory(credit_code="")
    client, answers, done_once = Client(), [], threading.Event()
    client.force_login(by)

    def click() -> None:
        done_once.wait()
        answers.append(client.post(compared(*pair), {"keep": pair[0].pk}))
        connection.close()

    thread = threading.Thread(target=click)
    thread.start()
    with transaction.atomic():
        done(pair, by)
        done_once.set()
        thread.join(timeout=0.3)  # it waits for this transaction
    thread.join()
    page = reverse("organizations:association-detail", args=[pair[0].pk])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, page)]


def test_a_merger_of_others_is_not_told_of(pair, by, client) -> None:
    url = compared(*pair)
    done(pair, by)
    client.force_login(StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CountyFactory()))
    assert client.get(url).status_code == 404


def test_what_changed_since_it_was_looked_at_stops_the_merger(pair, by) -> None:
    version = Merging(*pair).version
    InspectionFactory(association=pair[1])
    with pytest.raises(ValidationError):
        merge(kept=pair[0], absorbed=pair[1], take=(), answers={}, version=version, by=by)
    assert Association.objects.count() == 2


@pytest.mark.parametrize("foreign", [0, 1])
def test_an_entry_outside_the_scope_is_neither_kept_nor_taken_in(pair, foreign) -> None:
    county = CountyFactory()
    Association.objects.filter(pk=pair[1 - foreign].pk).update(division=county)
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    with pytest.raises(ValidationError):
        done(pair, by)
    with pytest.raises(ValidationError):
        tell_apart(one=pair[0], other=pair[1], by=by)
    assert (Association.objects.count(), NotDuplicate.objects.count()) == (2, 0)


def test_values_that_would_lead_out_of_the_scope_are_refused() -> None:
    county = CountyFactory()
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    kept = AssociationFactory(division=county)
    absorbed = AssociationFactory(managing_area=county)
    with pytest.raises(ValidationError):
        done((kept, absorbed), by, take=["division", "managing_area"][:1])
    assert Association.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_a_pair_at_once_the_second_is_told() -> None:
    by = StaffFactory(grant__role=Role.REVIEWER)
    one, other = AssociationFactory(), AssociationFactory()
    start, answers = threading.Barrier(2), []

    def act(kept, absorbed) -> None:
        start.wait()
        try:
            done((kept, absorbed), by)
            answers.append("merged")
        except ValidationError:
            answers.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=each) for each in [(one, other), (other, one)]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["merged", "told"]
    assert Association.objects.count() == 1
