"""Weak Party organisations: the steps, the monthly notes, and who may take which."""

import datetime
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from organizations.models import RectificationNote, WeakListing
from organizations.operations import weak
from organizations.operations.party import dissolve
from organizations.terms import months_after
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    PartyOrganizationFactory,
    RectificationNoteFactory,
    WeakListingFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
OPINION = {"accepted_by": "市委社会工作部", "acceptance_opinion": "问题已整改到位，同意验收"}
STEPS = (weak.begin_rectifying, partial(weak.accept, **OPINION), weak.delist)
STATES = ("listed", "rectifying", "accepted", "delisted")


@pytest.fixture
def reviewer(db):
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.fixture
def organization(db):
    return CoverageFactory().party_organization


@pytest.mark.parametrize(
    "values",
    [
        {"rectifying_since": DAY(2026, 1, 9)},
        {"accepted_on": DAY(2026, 2, 1)},
        {"rectifying_since": DAY(2026, 2, 1), "accepted_on": DAY(2026, 1, 31)},
        {"rectifying_since": DAY(2026, 2, 1), "delisted_on": DAY(2026, 3, 1)},
        {
            "rectifying_since": DAY(2026, 2, 1),
            "accepted_on": DAY(2026, 3, 1),
            "delisted_on": DAY(2026, 2, 28),
        },
    ],
)
def test_the_database_refuses_steps_out_of_order(values) -> None:
    row = WeakListingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        WeakListing.objects.filter(pk=row.pk).update(**values)


def test_the_database_keeps_one_open_listing_each() -> None:
    row = WeakListingFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        WeakListingFactory(party_organization=row.party_organization)
    day = DAY(2026, 1, 20)
    WeakListing.objects.update(rectifying_since=day, accepted_on=day, delisted_on=day)
    WeakListingFactory(party_organization=row.party_organization)


def test_the_database_keeps_one_note_a_month_under_its_first_day() -> None:
    note = RectificationNoteFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        RectificationNoteFactory(listing=note.listing)
    with pytest.raises(IntegrityError), transaction.atomic():
        RectificationNoteFactory(listing=note.listing, month=DAY(2026, 2, 2))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.integers(0, 2), max_size=6))
def test_a_listing_moves_step_by_step_and_no_other_way(reviewer, steps) -> None:
    with transaction.atomic():
        row, reached = WeakListingFactory(), 0
        for step in steps:
            day = DAY(2026, 1, 11 + step)
            if step == reached or step == reached - 1:  # the next step, or the last one again
                if step == reached == 1:
                    weak.note(listing=row, month=DAY(2026, 1, 1), text="整改", by=reviewer)
                STEPS[step](listing=row, on=day, by=reviewer)
                reached = max(reached, step + 1)
            else:
                with pytest.raises(ValidationError):
                    STEPS[step](listing=row, on=day, by=reviewer)
            row.refresh_from_db()
            assert row.state == STATES[reached]
        today = timezone.localdate()
        found = [s for s in STATES if WeakListing.objects.in_state(s, today).exists()]
        assert found == [STATES[reached]]
        transaction.set_rollback(True)


def test_notes_belong_to_months_of_rectifying(reviewer) -> None:
    row = WeakListingFactory(rectifying_since=DAY(2026, 1, 31))
    weak.note(listing=row, month=DAY(2026, 1, 1), text="整改", by=reviewer)
    weak.note(listing=row, month=DAY(2026, 1, 1), text="整改", by=reviewer)  # sent twice
    assert RectificationNote.objects.count() == 1
    after = months_after(timezone.localdate(), 1).replace(day=1)
    for month in (DAY(2025, 12, 1), DAY(2026, 1, 1), DAY(2026, 1, 2), after):
        with pytest.raises(ValidationError):
            weak.note(listing=row, month=month, text="别的", by=reviewer)
    for state in (WeakListingFactory(), WeakListingFactory(rectifying_since=None)):
        with pytest.raises(ValidationError):
            weak.note(listing=state, month=DAY(2026, 1, 1), text="整改", by=reviewer)


def test_nothing_is_accepted_while_a_note_is_missing(reviewer) -> None:
    row = WeakListingFactory(rectifying_since=DAY(2026, 1, 31))
    for month in (1, 3):
        weak.note(listing=row, month=DAY(2026, month, 1), text="整改", by=reviewer)
    with pytest.raises(ValidationError) as refusal:
        weak.accept(listing=row, on=DAY(2026, 4, 1), by=reviewer, **OPINION)
    assert "2026年2月、2026年4月" in refusal.value.messages[0]
    weak.note(listing=row, month=DAY(2026, 2, 1), text="整改", by=reviewer)
    weak.accept(listing=row, on=DAY(2026, 3, 31), by=reviewer, **OPINION)
    row.refresh_from_db()
    assert row.state == "accepted"


@pytest.mark.parametrize("lacking", [*OPINION])
def test_an_acceptance_says_who_accepted_and_why(client, reviewer, lacking) -> None:
    client.force_login(reviewer)
    today = timezone.localdate()
    row = WeakListingFactory(rectifying_since=today)
    weak.note(listing=row, month=today.replace(day=1), text="整改", by=reviewer)
    url = reverse("organizations:weak-step", args=[row.pk, "accepted"])
    sent = {"on": today.isoformat(), **OPINION}
    refused = client.post(url, sent | {lacking: " "})
    assert list(refused.context["step_form"].errors) == [lacking]
    with pytest.raises(ValidationError):
        weak.accept(listing=row, on=today, by=reviewer, **(OPINION | {lacking: " "}))
    with pytest.raises(ValidationError):
        weak.accept(listing=row, on=today, by=reviewer, **dict.fromkeys(OPINION, " "))
    row.refresh_from_db()
    assert row.state == "rectifying"
    page = client.post(url, sent, follow=True).text
    assert OPINION["acceptance_opinion"] in page
    assert OPINION["accepted_by"] in page
    party = reverse("organizations:partyorganization-detail", args=[row.party_organization_id])
    assert OPINION["acceptance_opinion"] in client.get(party).text  # in its history


def test_delisting_may_say_on_which_basis(client, reviewer) -> None:
    client.force_login(reviewer)
    day = timezone.localdate()
    row = WeakListingFactory(rectifying_since=day, accepted_on=day, **OPINION)
    url = reverse("organizations:weak-step", args=[row.pk, "delisted"])
    sent = {"on": day.isoformat(), "delisting_basis": "菏社工发〔2026〕9号"}
    assert sent["delisting_basis"] in client.post(url, sent, follow=True).text
    weak.withdraw(listing=row, step="delisted", reason="误登", by=reviewer)
    weak.withdraw(listing=row, step="accepted", reason="误登", by=reviewer)
    row.refresh_from_db()
    assert (row.delisting_basis, row.accepted_by, row.acceptance_opinion) == ("", "", "")


@pytest.mark.parametrize(
    "values",
    [
        {"accepted_by": "市委社会工作部"},
        {"acceptance_opinion": "同意"},
        {**OPINION, "accepted_on": None},
        {"delisting_basis": "某文"},
    ],
)
def test_the_database_keeps_opinions_with_their_steps(values) -> None:
    day = DAY(2026, 2, 1)
    said = {"rectifying_since": day, "accepted_on": day} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        WeakListingFactory(**said)
    WeakListingFactory(rectifying_since=day, accepted_on=day)  # as before they were asked for


class TestTakingBack:
    """Steps that were recorded by mistake."""

    def test_goes_back_step_by_step_and_keeps_the_reasons(self, reviewer) -> None:
        day = DAY(2026, 1, 20)
        row = WeakListingFactory(rectifying_since=day, accepted_on=day, delisted_on=day)
        for state, before in zip(STATES[:0:-1], STATES[-2::-1], strict=True):
            weak.withdraw(listing=row, step=state, reason=f"误登{state}", by=reviewer)
            row.refresh_from_db()
            assert (row.state, row.withdrawal) == (before, f"误登{state}")
        weak.withdraw(listing=row, step="listed", reason="误列入", by=reviewer)
        assert not WeakListing.objects.exists()
        kept = WeakListing.pgh_event_model.objects.order_by("pgh_id")
        assert "误列入" in kept.values_list("withdrawal", flat=True)
        assert kept.last().pgh_label == "delete"

    def test_the_next_step_ends_the_reason(self, reviewer) -> None:
        row = WeakListingFactory(withdrawal="误登")
        weak.begin_rectifying(listing=row, on=DAY(2026, 1, 20), by=reviewer)
        row.refresh_from_db()
        assert row.withdrawal == ""

    @pytest.mark.parametrize(
        ("step", "reason"), [("rectifying", " "), ("listed", "误登"), ("nonsense", "误登")]
    )
    def test_takes_a_reason_and_the_last_step(self, reviewer, step, reason) -> None:
        row = WeakListingFactory(rectifying_since=DAY(2026, 1, 20))
        with pytest.raises(ValidationError):
            weak.withdraw(listing=row, step=step, reason=reason, by=reviewer)
        row.refresh_from_db()
        assert row.state == "rectifying"

    def test_keeps_a_rectification_on_which_notes_were_written(self, reviewer) -> None:
        row = RectificationNoteFactory().listing
        with pytest.raises(ValidationError):
            weak.withdraw(listing=row, step="rectifying", reason="误登", by=reviewer)

    def test_another_open_listing_stands_in_the_way(self, reviewer) -> None:
        day = DAY(2026, 1, 20)
        row = WeakListingFactory(rectifying_since=day, accepted_on=day, delisted_on=day)
        WeakListingFactory(party_organization=row.party_organization)
        with pytest.raises(ValidationError):
            weak.withdraw(listing=row, step="delisted", reason="误登", by=reviewer)

    def test_takes_the_ability_of_the_step(self, organization, client) -> None:
        association = organization.coverages.get().association
        clerk = StaffFactory(
            grant__role=Role.DEPARTMENT_STAFF, grant__department=association.industry_department
        )
        client.force_login(clerk)
        row = WeakListingFactory(party_organization=organization, rectifying_since=DAY(2026, 1, 20))
        said = {"reason": "误登"}
        for step, status in (("accepted", 403), ("listed", 403), ("rectifying", 302)):
            url = reverse("organizations:weak-withdraw", args=[row.pk, step])
            assert client.post(url, said).status_code == status
        row.refresh_from_db()
        assert row.state == "listed"

    def test_a_mistaken_listing_leads_back_to_the_organisation(self, client, reviewer) -> None:
        client.force_login(reviewer)
        row = WeakListingFactory()
        url = reverse("organizations:weak-withdraw", args=[row.pk, "listed"])
        assert client.post(url, {"reason": ""}).url.endswith(f"/weak/{row.pk}/")
        assert client.post(url, {"reason": "误列入"}).url == reverse(
            "organizations:partyorganization-detail", args=[row.party_organization_id]
        )
        assert not WeakListing.objects.exists()
        again = client.post(url, {"reason": "误列入"}, follow=True)  # a doubled click
        assert (again.status_code, "已不在名单上" in again.text) == (200, True)
        county = CountyFactory()
        foreign = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
        client.force_login(foreign)
        assert client.post(url, {"reason": "误列入"}).status_code == 404


def test_this_month_s_note_is_due_while_rectifying() -> None:
    today = DAY(2026, 3, 31)
    due = WeakListingFactory(rectifying_since=DAY(2026, 1, 31))
    RectificationNoteFactory(listing=due, month=DAY(2026, 2, 1))
    written = WeakListingFactory(rectifying_since=DAY(2026, 1, 31))
    RectificationNoteFactory(listing=written, month=DAY(2026, 3, 1))
    WeakListingFactory()
    WeakListingFactory(rectifying_since=DAY(2026, 1, 31), accepted_on=DAY(2026, 3, 1))
    WeakListingFactory(
        rectifying_since=DAY(2026, 1, 31), party_organization__dissolved_on=DAY(2026, 3, 1)
    )
    assert list(WeakListing.objects.with_note_due(today)) == [due]
    assert due.months_due(today) == [DAY(2026, 1, 1), DAY(2026, 2, 1), DAY(2026, 3, 1)]


def test_departments_put_right_and_the_office_accepts(organization) -> None:
    coverage = organization.coverages.get()
    clerk = StaffFactory(
        grant__role=Role.DEPARTMENT_STAFF,
        grant__department=coverage.association.industry_department,
    )
    today = timezone.localdate()
    row = WeakListingFactory(party_organization=organization)
    weak.begin_rectifying(listing=row, on=today, by=clerk)
    with pytest.raises(ValidationError):
        weak.accept(listing=row, on=today, by=clerk, **OPINION)
    row.refresh_from_db()
    assert row.state == "rectifying"
    with pytest.raises(ValidationError):
        weak.list_weak(
            organization=PartyOrganizationFactory(), on=today, reason="shell", text="a", by=clerk
        )


def test_a_shared_organisation_is_listed_by_who_is_responsible_for_all(organization) -> None:
    county = CountyFactory()
    CoverageFactory(party_organization=organization, association__division=county)
    clerk = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    said = {"on": timezone.localdate(), "reason": "shell", "text": "a"}
    with pytest.raises(ValidationError):
        weak.list_weak(organization=organization, by=clerk, **said)
    weak.list_weak(organization=organization, by=StaffFactory(grant__role=Role.REVIEWER), **said)


# Pages


def test_a_note_that_is_refused_comes_back_filled(client, reviewer) -> None:
    client.force_login(reviewer)
    row = WeakListingFactory(rectifying_since=DAY(2026, 1, 31))
    url = reverse("organizations:weak-note", args=[row.pk])
    refused = client.post(url, {"month": "2025-12-01", "text": "已写好的内容"})
    assert (refused.status_code, "已写好的内容" in refused.text) == (422, True)
    assert client.post(url, {"month": "2026-01-01", "text": "已写好的内容"}).status_code == 302


def test_a_step_is_taken_on_its_page(client, reviewer) -> None:
    client.force_login(reviewer)
    row = WeakListingFactory()
    url = reverse("organizations:weak-step", args=[row.pk, "rectifying"])
    assert client.post(url, {"on": "2020-01-01"}).status_code == 422
    tomorrow = timezone.localdate() + datetime.timedelta(1)
    refused = client.post(url, {"on": tomorrow.isoformat()})
    assert (refused.status_code, list(refused.context["step_form"].errors)) == (422, ["on"])
    assert client.post(url, {"on": timezone.localdate().isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.state == "rectifying"


def test_listing_twice_by_a_doubled_click_lists_once(client, reviewer, organization) -> None:
    client.force_login(reviewer)
    url = reverse("organizations:weak-add", args=[organization.pk])
    form = client.get(url).context["form"]
    sent = {
        "key": str(form["key"].value()),
        "listed_on": timezone.localdate().isoformat(),
        "reason": "shell",
        "reason_text": "有牌子、无活动",
    }
    first, second = client.post(url, sent), client.post(url, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert WeakListing.objects.count() == 1


def test_the_list_takes_as_many_queries_for_three_as_for_one(client, reviewer) -> None:
    client.force_login(reviewer)
    WeakListingFactory(rectifying_since=DAY(2026, 1, 31))
    url = reverse("organizations:weak-list")
    client.get(url)
    counted = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counted.append(len(queries))
        WeakListingFactory.create_batch(2, rectifying_since=DAY(2026, 1, 31))
    assert counted[0] == counted[1]


def test_what_lies_outside_is_not_on_the_list(client) -> None:
    clerk = StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=DepartmentFactory())
    client.force_login(clerk)
    WeakListingFactory(party_organization__name="中共别处支部委员会")
    assert "别处" not in client.get(reverse("organizations:weak-list")).text


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2014-12-31", "9999-12-31"])
def test_nothing_is_listed_on_a_day_that_cannot_be(client, reviewer, organization, day) -> None:
    client.force_login(reviewer)
    url = reverse("organizations:weak-add", args=[organization.pk])
    key = client.get(url).context["form"]["key"].value()
    said = {"key": key, "listed_on": day, "reason": "shell", "reason_text": "不开展活动"}
    assert client.post(url, said).status_code == 422
    assert not WeakListing.objects.exists()


def test_another_opinion_on_the_same_day_is_not_passed_over(reviewer) -> None:
    row = WeakListingFactory(rectifying_since=DAY(2026, 2, 1))
    RectificationNoteFactory(listing=row, month=DAY(2026, 2, 1))
    for _twice in range(2):
        weak.accept(listing=row, on=DAY(2026, 2, 20), by=reviewer, **OPINION)
    other = OPINION | {"acceptance_opinion": "整改不到位"}
    with pytest.raises(ValidationError):
        weak.accept(listing=row, on=DAY(2026, 2, 20), by=reviewer, **other)


def test_nothing_more_happens_to_the_listing_of_a_dissolved_organisation(client, reviewer) -> None:
    row = WeakListingFactory(rectifying_since=DAY(2026, 2, 1))
    party = row.party_organization
    CoverageFactory(party_organization=party)
    dissolve(organization=party, on=DAY(2026, 3, 5), by=reviewer)
    row.refresh_from_db()
    assert row.months_due(DAY(2026, 8, 1)) == [DAY(2026, 2, 1), DAY(2026, 3, 1)]
    with pytest.raises(ValidationError):
        weak.note(listing=row, month=DAY(2026, 2, 1), text="整改", by=reviewer)
    client.force_login(reviewer)
    page = client.get(reverse("organizations:partyorganization-detail", args=[party.pk]))
    assert page.context["weak"] is False
