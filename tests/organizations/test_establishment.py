"""The way to a Party organisation: its moves, what they make, and what they refuse."""

import datetime
import threading
from itertools import pairwise

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from organizations.models import (
    Association,
    Coverage,
    Establishment,
    PartyOrganization,
    Stage,
    StageMove,
)
from organizations.operations.coverage import cover, uncover
from organizations.operations.establishment import (
    begin,
    begin_all,
    bring_along,
    give_up,
    let_go,
    move,
    plan,
    planning,
    reopen,
    take_over,
)
from organizations.operations.establishment.rows import lock_in_order
from organizations.operations.party import dissolve
from organizations.stages import age
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    CoverageFactory,
    EstablishmentFactory,
    JointBranchFactory,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
FACTS = {"name": "中共菏泽市花卉协会支部委员会", "kind": "branch", "secretary": "王芳"}


@pytest.fixture
def reviewer(db: None) -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


def ago(days: int) -> datetime.date:
    return TODAY - datetime.timedelta(days)


def ready(members: int | None = 5, **fields) -> Association:
    """An association that may go the whole way: an instructor and enough members."""
    association = AssociationFactory(party_members=members, **fields)
    AssignmentFactory(association=association)
    return association


def brought_to(stage: str, by: User, association: Association | None = None) -> Establishment:
    """An association of its own brought to `stage`, the last step today."""
    row = begin(association=association or ready(), by=by, on=ago(10))
    for target in list(Stage)[1 : list(Stage).index(Stage(stage)) + 1]:
        step(row, target, by)
    row.refresh_from_db()
    return row


def step(row: Establishment, to: str, by: User, on: datetime.date | None = None) -> None:
    facts = {"approved": {"approval_no": "菏社工发〔2025〕12号"}}
    if row.formation != "join":
        facts["established"] = FACTS
    move(establishment=row, to=to, on=on or TODAY, by=by, **facts.get(to, {}))


def joining(by: User, branch: PartyOrganization, members: int | None = 1) -> Establishment:
    """An association about to join `branch`."""
    row = begin(association=ready(members), by=by, on=ago(10))
    plan(establishment=row, formation="join", joins=branch, by=by)
    return row


class TestTheWholeWay:
    def test_makes_the_party_organisation_and_covers_the_association(self, reviewer) -> None:
        row = brought_to("established", reviewer)
        party = row.party_organization
        assert (party.name, party.kind, party.formation) == (FACTS["name"], "branch", "standalone")
        assert (party.secretary, party.approval_no) == ("王芳", "菏社工发〔2025〕12号")
        assert (party.established_on, party.last_election_on) == (TODAY, TODAY)
        assert list(Association.objects.covered(TODAY)) == [row.association]

    def test_covers_from_its_day_on_and_not_before(self, reviewer) -> None:
        row = brought_to("requested", reviewer, ready())
        for target, day in (("approved", 0), ("elected", 0), ("established", 0)):
            step(row, target, reviewer, ago(day))
        assert not Association.objects.covered(ago(1)).exists()
        assert Association.objects.covered(TODAY).exists()

    def test_every_step_is_recorded_with_its_day_and_person(self, reviewer) -> None:
        row = brought_to("consolidated", reviewer)
        moves = list(row.moves.order_by("pk").values_list("from_stage", "to_stage", "by"))
        stages = ["", *Stage.values]
        assert moves == [(before, after, reviewer.pk) for before, after in pairwise(stages)]

    def test_ends_when_consolidated_so_that_another_may_begin_later(self, reviewer) -> None:
        row = brought_to("consolidated", reviewer)
        Coverage.objects.update(valid_from=ago(1), valid_until=TODAY)
        assert begin(association=row.association, by=reviewer).stage == "surveyed"


class TestNeeds:
    def test_cultivating_needs_an_instructor(self, reviewer) -> None:
        row = begin(association=AssociationFactory(party_members=5), by=reviewer, on=ago(9))
        with pytest.raises(ValidationError):
            step(row, "cultivating", reviewer)
        AssignmentFactory(association=row.association)
        step(row, "cultivating", reviewer)

    def test_an_instructor_who_left_is_none(self, reviewer) -> None:
        row = begin(association=AssociationFactory(party_members=5), by=reviewer, on=ago(9))
        AssignmentFactory(association=row.association, ended_on=TODAY)
        with pytest.raises(ValidationError):
            step(row, "cultivating", reviewer)

    @pytest.mark.parametrize("members", [None, 0, 2])
    def test_a_request_needs_three_members(self, reviewer, members) -> None:
        row = begin(association=ready(members), by=reviewer, on=ago(9))
        with pytest.raises(ValidationError):
            plan(establishment=row, formation="standalone", by=reviewer)
        plan(establishment=row, formation="standalone", kind="branch", by=reviewer)
        step(row, "cultivating", reviewer)
        with pytest.raises(ValidationError) as refused:
            step(row, "requested", reviewer)
        said = "未填报" if members is None else f"{members}名正式党员"
        assert said in refused.value.message

    def test_together_three_suffice_to_join_a_joint_branch(self, reviewer) -> None:
        branch = JointBranchFactory()
        CoverageFactory(party_organization=branch, association__party_members=1)
        row = joining(reviewer, branch)
        step(row, "cultivating", reviewer)
        with pytest.raises(ValidationError):
            step(row, "requested", reviewer)
        CoverageFactory(party_organization=branch, association__party_members=1)
        step(row, "requested", reviewer)

    def test_an_approval_needs_its_number(self, reviewer) -> None:
        row = brought_to("requested", reviewer)
        with pytest.raises(ValidationError):
            move(establishment=row, to="approved", on=TODAY, by=reviewer, approval_no=" ")

    def test_a_stage_cannot_be_left_out(self, reviewer) -> None:
        row = brought_to("cultivating", reviewer)
        with pytest.raises(ValidationError):
            step(row, "approved", reviewer)

    @pytest.mark.parametrize("day", [ago(-1), ago(11)])
    def test_a_day_is_neither_to_come_nor_before_the_last_step(self, reviewer, day) -> None:
        row = begin(association=ready(), by=reviewer, on=ago(10))
        with pytest.raises(ValidationError):
            step(row, "cultivating", reviewer, day)
        step(row, "cultivating", reviewer, ago(10))


class TestTwice:
    def test_the_same_step_again_is_told_and_not_doubled(self, reviewer) -> None:
        row = brought_to("established", reviewer)
        with pytest.raises(ValidationError) as told:
            step(row, "established", reviewer)
        assert "已处于" in told.value.message
        assert Coverage.objects.count() == PartyOrganization.objects.count() == 1

    def test_an_association_begins_once(self, reviewer) -> None:
        row = begin(association=ready(), by=reviewer)
        with pytest.raises(ValidationError):
            begin(association=row.association, by=reviewer)
        waiting = ready()
        assert begin_all(associations=[row.association, waiting], by=reviewer) == 1
        assert waiting.establishments.get().moves.count() == 1

    def test_a_covered_association_does_not_begin(self, reviewer) -> None:
        with pytest.raises(ValidationError):
            begin(association=CoverageFactory().association, by=reviewer)

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_establish_once(self) -> None:
        by = StaffFactory(grant__role=Role.REVIEWER)
        row = brought_to("elected", by)
        start, answers = threading.Barrier(2), []

        def act() -> None:
            start.wait()
            try:
                step(row, "established", by)
                answers.append("done")
            except ValidationError:
                answers.append("told")
            finally:
                connection.close()

        threads = [threading.Thread(target=act) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == ["done", "told"]
        assert PartyOrganization.objects.count() == Coverage.objects.count() == 1


class TestStepsBack:
    def test_need_a_reason(self, reviewer) -> None:
        row = brought_to("approved", reviewer)
        with pytest.raises(ValidationError):
            move(establishment=row, to="cultivating", on=TODAY, by=reviewer)
        move(establishment=row, to="cultivating", on=TODAY, by=reviewer, note="党员转出")
        row.refresh_from_db()
        assert (row.stage, row.requested_on, row.approval_no) == ("cultivating", None, "")
        assert row.moves.first().note == "党员转出"

    def test_a_mistaken_establishment_takes_back_what_it_made(self, reviewer) -> None:
        row = brought_to("established", reviewer)
        move(establishment=row, to="elected", on=TODAY, by=reviewer, note="误录")
        assert not PartyOrganization.objects.exists()
        assert not Coverage.objects.exists()
        step(row, "established", reviewer)
        assert Association.objects.covered(TODAY).exists()

    def test_what_was_worked_with_since_stays(self, reviewer) -> None:
        row = brought_to("established", reviewer)
        PartyOrganization.objects.update(secretary="李明")
        with pytest.raises(ValidationError) as refused:
            move(establishment=row, to="elected", on=TODAY, by=reviewer, note="误录")
        assert FACTS["name"] in refused.value.message
        assert Association.objects.covered(TODAY).exists()

    def test_another_association_under_the_branch_keeps_it(self, reviewer) -> None:
        row = brought_to("established", reviewer)
        CoverageFactory(party_organization=row.party_organization, valid_from=TODAY)
        with pytest.raises(ValidationError):
            move(establishment=row, to="elected", on=TODAY, by=reviewer, note="误录")

    def test_leaving_a_joint_branch_again_keeps_the_branch(self, reviewer) -> None:
        branch = CoverageFactory(
            party_organization=JointBranchFactory(), association__party_members=3
        ).party_organization
        row = joining(reviewer, branch)
        for target in ("cultivating", "requested", "approved", "established"):
            move(
                establishment=row,
                to=target,
                on=TODAY,
                by=reviewer,
                **({"approval_no": "1号"} if target == "approved" else {}),
            )
        move(establishment=row, to="approved", on=TODAY, by=reviewer, note="误录")
        assert [c.party_organization for c in Coverage.objects.all()] == [branch]


class TestTogether:
    @pytest.fixture
    def pair(self, reviewer) -> tuple[Establishment, Establishment]:
        lead = begin(association=ready(2), by=reviewer, on=ago(10))
        plan(establishment=lead, formation="found", by=reviewer)
        bring_along(establishment=lead, association=ready(1), by=reviewer)
        return lead, lead.companions.get()

    def test_they_found_one_branch_and_each_is_covered(self, reviewer, pair) -> None:
        lead, other = pair
        for target in ("cultivating", "requested", "approved", "elected"):
            step(lead, target, reviewer)
        facts = FACTS | {"kind": "joint_branch", "joint_formation": "joint_industry"}
        move(establishment=lead, to="established", on=TODAY, by=reviewer, **facts)
        other.refresh_from_db()
        assert other.stage == "established"
        branch = PartyOrganization.objects.get()
        assert branch.formation == "joint_industry"
        assert branch.coverages.count() == 2
        assert Association.objects.covered(TODAY).count() == 2

    def founded(self, lead: Establishment, by: User) -> PartyOrganization:
        """The branch that the pair has founded today."""
        for target in ("cultivating", "requested", "approved", "elected"):
            step(lead, target, by)
        facts = FACTS | {"kind": "joint_branch", "joint_formation": "joint"}
        move(establishment=lead, to="established", on=TODAY, by=by, **facts)
        return PartyOrganization.objects.get()

    def test_a_branch_that_another_is_about_to_join_is_not_taken_back(self, reviewer, pair) -> None:
        branch = self.founded(pair[0], reviewer)
        joining(reviewer, branch)
        with pytest.raises(ValidationError) as refused:
            move(establishment=pair[0], to="elected", on=TODAY, by=reviewer, note="误录")
        assert branch.name in refused.value.message

    def test_one_who_gave_up_joining_it_does_not_keep_a_mistaken_branch(
        self, reviewer, pair
    ) -> None:
        other = joining(reviewer, self.founded(pair[0], reviewer))
        give_up(establishment=other, reason="拟注销", by=reviewer)
        move(establishment=pair[0], to="elected", on=TODAY, by=reviewer, note="误录")
        other.refresh_from_db()
        assert (other.joins, PartyOrganization.objects.count()) == (None, 0)

    @pytest.mark.django_db(transaction=True)
    def test_nobody_is_taken_in_while_the_branch_is_taken_back(self) -> None:
        by = StaffFactory(grant__role=Role.REVIEWER)
        lead = begin(association=ready(2), by=by, on=ago(10))
        plan(establishment=lead, formation="found", by=by)
        bring_along(establishment=lead, association=ready(1), by=by)
        branch, answers = self.founded(lead, by), []
        taken_in, newcomer = threading.Event(), AssociationFactory()

        def take_back() -> None:
            taken_in.wait()
            try:
                move(establishment=lead, to="elected", on=TODAY, by=by, note="误录")
            except ValidationError as refused:
                answers.append(refused.message)
            finally:
                connection.close()

        thread = threading.Thread(target=take_back)
        thread.start()
        with transaction.atomic():
            cover(party_organization=branch, association=newcomer, since=TODAY, by=by)
            taken_in.set()
            thread.join(timeout=0.3)  # it waits for this transaction
        thread.join()
        assert [branch.name in answer for answer in answers] == [True]
        assert newcomer.coverages.exists()

    def test_who_moves_along_does_not_move_alone(self, reviewer, pair) -> None:
        lead, other = pair
        with pytest.raises(ValidationError) as refused:
            step(other, "cultivating", reviewer)
        assert lead.association.name in refused.value.message

    def test_one_that_was_given_up_meanwhile_is_not_brought_along(
        self, reviewer, monkeypatch
    ) -> None:
        lead = begin(association=ready(2), by=reviewer, on=ago(10))
        plan(establishment=lead, formation="found", by=reviewer)
        other = begin(association=ready(1), by=reviewer, on=ago(9))

        def given_up_first(*rows: Establishment) -> None:
            give_up(establishment=other, reason="拟注销", by=reviewer)
            lock_in_order(*rows)

        monkeypatch.setattr(planning, "lock_in_order", given_up_first)
        with pytest.raises(ValidationError) as refused:
            bring_along(establishment=lead, association=other.association, by=reviewer)
        assert other.association.name in refused.value.messages[0]
        assert "已于" in refused.value.messages[0]

    def test_who_is_let_go_goes_on_alone(self, reviewer, pair) -> None:
        lead, other = pair
        let_go(establishment=other, by=reviewer)
        step(other, "cultivating", reviewer)
        lead.refresh_from_db()
        assert lead.stage == "surveyed"

    def test_together_they_need_three_members(self, reviewer, pair) -> None:
        lead, other = pair
        step(lead, "cultivating", reviewer)
        Association.objects.filter(pk=other.association_id).update(party_members=None)
        with pytest.raises(ValidationError):
            step(lead, "requested", reviewer)

    def test_who_gives_up_lets_the_others_go(self, reviewer, pair) -> None:
        lead, other = pair
        give_up(establishment=lead, reason="合并", by=reviewer)
        other.refresh_from_db()
        assert (other.lead, other.is_open) == (None, True)

    def test_nobody_moves_what_lies_outside_along(self, pair) -> None:
        lead, other = pair
        county = CountyFactory()
        Association.objects.filter(pk=lead.association_id).update(division=county)
        by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
        with pytest.raises(ValidationError):
            step(lead, "cultivating", by)
        assert other.moves.count() == 1
        CoverageFactory(association=lead.association)
        with pytest.raises(ValidationError):
            take_over(establishment=lead, by=by)
        assert list(lead.companions.all()) == [other]


class TestGivingUp:
    def test_needs_a_reason_and_can_be_taken_back(self, reviewer) -> None:
        row = begin(association=ready(), by=reviewer, on=ago(10))
        with pytest.raises(ValidationError):
            give_up(establishment=row, reason=" ", by=reviewer)
        give_up(establishment=row, reason="拟注销", by=reviewer)
        with pytest.raises(ValidationError):
            step(row, "cultivating", reviewer)
        reopen(establishment=row, by=reviewer)
        row.refresh_from_db()
        assert (row.stage, row.since, row.is_open) == ("surveyed", TODAY, True)

    def test_what_exists_is_not_given_up(self, reviewer) -> None:
        with pytest.raises(ValidationError):
            give_up(establishment=brought_to("established", reviewer), reason="无", by=reviewer)

    def test_not_reopened_beside_another(self, reviewer) -> None:
        row = begin(association=ready(), by=reviewer)
        give_up(establishment=row, reason="拟注销", by=reviewer)
        begin(association=row.association, by=reviewer)
        with pytest.raises(ValidationError):
            reopen(establishment=row, by=reviewer)


class TestRoster:
    def test_what_a_roster_covers_is_confirmed_in_one_step(self, reviewer) -> None:
        row = brought_to("requested", reviewer)
        coverage = CoverageFactory(association=row.association, valid_from=ago(5))
        assert list(Establishment.objects.overtaken(TODAY)) == [row]
        take_over(establishment=row, by=reviewer)
        row.refresh_from_db()
        assert (row.stage, row.since, row.from_roster) == ("established", ago(5), True)
        assert row.party_organization == coverage.party_organization
        assert not Establishment.objects.overtaken(TODAY).exists()
        move(establishment=row, to="granted", on=TODAY, by=reviewer)

    def test_until_then_it_does_not_move(self, reviewer) -> None:
        row = brought_to("elected", reviewer)
        CoverageFactory(association=row.association)
        with pytest.raises(ValidationError):
            step(row, "established", reviewer)

    def test_without_coverage_there_is_nothing_to_confirm(self, reviewer) -> None:
        with pytest.raises(ValidationError):
            take_over(establishment=brought_to("requested", reviewer), by=reviewer)

    def test_it_goes_back_only_where_the_roster_is_corrected(self, reviewer) -> None:
        row = brought_to("elected", reviewer)
        CoverageFactory(association=row.association)
        take_over(establishment=row, by=reviewer)
        with pytest.raises(ValidationError):
            move(establishment=row, to="elected", on=TODAY, by=reviewer, note="误录")


class TestOnADay:
    def test_the_plans_of_that_day_say_who_has_none(self, reviewer) -> None:
        row = begin(association=ready(), by=reviewer, on=ago(10))
        waiting = Association.objects.ought_to_organise(TODAY)
        assert not waiting.without_plan(TODAY).exists()
        assert list(waiting.without_plan(ago(11))) == [row.association]

    def test_the_plan_of_an_ended_association_stands_until_its_end(self, reviewer) -> None:
        row = begin(association=ready(), by=reviewer, on=ago(10))
        Association.objects.filter(pk=row.association_id).update(
            status="deregistered", ended_on=ago(2)
        )
        assert list(Establishment.objects.as_of(ago(3))) == [row]
        assert not Establishment.objects.as_of(TODAY).exists()


class TestCoverage:
    def test_an_association_joins_and_leaves_a_joint_branch_with_a_day(self, reviewer) -> None:
        branch, association = JointBranchFactory(), AssociationFactory()
        covering = cover(
            party_organization=branch, association=association, since=ago(9), by=reviewer
        )
        assert Association.objects.covered(ago(9)).exists()
        uncover(coverage=covering, until=ago(2), by=reviewer)
        assert Association.objects.covered(ago(3)).exists()
        assert not Association.objects.covered(ago(2)).exists()

    def test_what_was_entered_today_by_mistake_is_gone_again(self, reviewer) -> None:
        branch, association = JointBranchFactory(), AssociationFactory()
        asked = {"party_organization": branch, "association": association, "by": reviewer}
        uncover(coverage=cover(since=TODAY, **asked), until=TODAY, by=reviewer)
        assert not Coverage.objects.exists()
        earlier = cover(since=ago(3), **asked)
        with pytest.raises(ValidationError):
            uncover(coverage=earlier, until=ago(3), by=reviewer)
        assert Coverage.objects.get().valid_until is None

    def test_what_an_establishment_has_made_is_undone_there(self, reviewer) -> None:
        row = joining(
            reviewer,
            CoverageFactory(
                party_organization=JointBranchFactory(), association__party_members=3
            ).party_organization,
        )
        for stage in ("cultivating", "requested", "approved", "established"):
            step(row, stage, reviewer)
        row.refresh_from_db()
        made = row.association.coverages.get()
        with pytest.raises(ValidationError, match="退回"):
            uncover(coverage=made, until=TODAY, by=reviewer)
        assert Coverage.objects.filter(pk=made.pk).exists()

    @pytest.mark.parametrize(
        ("members", "kind"), [(1, "joint_branch"), (3, "branch"), (60, "general_branch")]
    )
    def test_in_the_kind_of_its_formation(self, reviewer, members, kind) -> None:
        association = AssociationFactory(party_members=members)
        assert begin(association=association, by=reviewer).kind == kind

    def test_twice_is_told(self, reviewer) -> None:
        branch, association = JointBranchFactory(), AssociationFactory()
        asked = {"party_organization": branch, "association": association, "by": reviewer}
        row = cover(since=ago(9), **asked)
        with pytest.raises(ValidationError):
            cover(since=ago(9), **asked)
        uncover(coverage=row, until=TODAY, by=reviewer)
        with pytest.raises(ValidationError):
            uncover(coverage=row, until=TODAY, by=reviewer)

    @pytest.mark.parametrize("since", [datetime.date(2014, 12, 31), ago(-1)])
    def test_an_impossible_day_is_refused(self, reviewer, since) -> None:
        with pytest.raises(ValidationError):
            cover(
                party_organization=JointBranchFactory(),
                association=AssociationFactory(),
                since=since,
                by=reviewer,
            )

    def test_an_association_whose_registration_has_ended_is_not_covered(self, reviewer) -> None:
        ended, branch = AssociationFactory(ended=True), JointBranchFactory()
        with pytest.raises(ValidationError):
            cover(party_organization=branch, association=ended, since=TODAY, by=reviewer)

    def test_only_joint_branches_take_others_in(self, reviewer) -> None:
        standalone = CoverageFactory().party_organization
        with pytest.raises(ValidationError):
            cover(
                party_organization=standalone,
                association=AssociationFactory(),
                since=TODAY,
                by=reviewer,
            )

    def test_a_branch_or_an_association_outside_the_scope_is_refused(self) -> None:
        county = CountyFactory()
        by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
        foreign = CoverageFactory(party_organization=JointBranchFactory())
        own = AssociationFactory(division=county)
        with pytest.raises(ValidationError):
            cover(
                party_organization=foreign.party_organization, association=own, since=TODAY, by=by
            )
        with pytest.raises(ValidationError):
            uncover(coverage=foreign, until=TODAY, by=by)
        assert Coverage.objects.get().valid_until is None


@pytest.mark.parametrize("verb", ["begin", "move", "give_up", "take_over"])
def test_outside_the_scope_nothing_moves(verb) -> None:
    by = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=CountyFactory())
    association = ready()
    row = EstablishmentFactory(association=association)
    before = StageMove.objects.count()
    acts = {
        "begin": lambda: begin(association=ready(), by=by),
        "move": lambda: step(row, "cultivating", by),
        "give_up": lambda: give_up(establishment=row, reason="无", by=by),
        "take_over": lambda: take_over(establishment=row, by=by),
    }
    with pytest.raises(ValidationError):
        acts[verb]()
    assert StageMove.objects.count() == before


@pytest.mark.parametrize(
    ("days", "kind"), [(0, ""), (67, ""), (68, "soon"), (90, "soon"), (91, "overdue")]
)
def test_age_warns_before_the_limit_and_after_it(days, kind) -> None:
    found = age("surveyed", ago(days), TODAY)
    assert (found.days, found.limit, found.kind) == (days, 90, kind)


@pytest.mark.parametrize("key", ["fresh", "soon", "overdue"])
def test_lists_and_pages_agree_on_age(key) -> None:
    for days in (0, 67, 68, 90, 91, 500):
        EstablishmentFactory(since=ago(days))
    rows = Establishment.objects.as_of(TODAY).aged(key, TODAY)
    kinds = {age(row.stage, row.since, TODAY).kind or "fresh" for row in rows}
    assert (kinds, rows.count()) == ({key}, 2)


def test_a_stage_is_known_as_of_any_day(reviewer) -> None:
    row = begin(association=ready(), by=reviewer, on=ago(10))
    step(row, "cultivating", reviewer, ago(5))
    give_up(establishment=row, reason="无", by=reviewer)
    found = {
        days: Establishment.objects.as_of(ago(days)).values_list("at_stage", flat=True).first()
        for days in (11, 10, 5, 0)
    }
    assert found == {11: None, 10: "surveyed", 5: "cultivating", 0: None}


class TestEnds:
    """Nothing more happens to an association, or to a Party organisation, that is no more."""

    @staticmethod
    def end(association: Association, on: datetime.date) -> None:
        association.status, association.ended_on = "deregistered", on
        association.save()

    @pytest.mark.parametrize("stage", ["surveyed", "requested", "elected", "established"])
    def test_no_step_on_after_the_association_has_ended(self, reviewer, stage) -> None:
        row = (
            brought_to(stage, reviewer)
            if stage != "surveyed"
            else begin(association=ready(), by=reviewer, on=ago(10))
        )
        self.end(row.association, TODAY)
        after = list(Stage)[list(Stage).index(Stage(row.stage)) + 1]
        with pytest.raises(ValidationError, match=r"已于.*终止"):
            step(row, after, reviewer)
        row.refresh_from_db()
        assert row.stage == stage
        assert PartyOrganization.objects.count() == (stage == "established")

    def test_one_that_has_ended_is_not_taken_up_again(self, reviewer) -> None:
        row = begin(association=ready(), by=reviewer, on=ago(10))
        give_up(establishment=row, reason="不再筹建", by=reviewer)
        self.end(row.association, TODAY)
        with pytest.raises(ValidationError):
            reopen(establishment=row, by=reviewer)

    def test_one_that_moves_along_has_ended(self, reviewer) -> None:
        row = begin(association=ready(), by=reviewer, on=ago(10))
        plan(establishment=row, formation="found", by=reviewer)
        other = AssociationFactory()
        bring_along(establishment=row, association=other, by=reviewer)
        self.end(other, TODAY)
        with pytest.raises(ValidationError):
            step(row, "cultivating", reviewer)

    def test_one_that_has_ended_is_covered_by_nobody(self, reviewer) -> None:
        association = AssociationFactory()
        self.end(association, ago(5))
        for since in (ago(9), ago(5), TODAY):
            with pytest.raises(ValidationError):
                cover(
                    party_organization=JointBranchFactory(),
                    association=association,
                    since=since,
                    by=reviewer,
                )
        assert not Coverage.objects.exists()

    @pytest.mark.parametrize("stage", ["granted", "consolidated"])
    def test_nothing_is_consolidated_on_a_dissolved_organisation(self, reviewer, stage) -> None:
        row = brought_to("established", reviewer)
        PartyOrganization.objects.update(dissolved_on=TODAY)
        with pytest.raises(ValidationError):
            step(row, stage, reviewer)

    def test_what_a_dissolution_left_without_begins_anew(self, reviewer) -> None:
        row = brought_to("established", reviewer)
        Association.objects.update(party_members=5)
        assert not Association.objects.not_begun(TODAY).exists()
        dissolve(organization=row.party_organization, on=TODAY, by=reviewer)
        assert list(Association.objects.not_begun(TODAY)) == [row.association]
        again = begin(association=row.association, by=reviewer)
        row.refresh_from_db()
        assert (row.closed_on, again.stage) == (TODAY, "surveyed")
        assert row.moves.first().to_stage == "given_up"
        assert not Association.objects.not_begun(TODAY).exists()

    def test_uncover_ends_nothing_but_coverage_by_joint_branches(self, reviewer) -> None:
        coverage = CoverageFactory()
        with pytest.raises(ValidationError):
            uncover(coverage=coverage, until=TODAY, by=reviewer)
        coverage.refresh_from_db()
        assert coverage.valid_until is None


@pytest.mark.django_db(transaction=True)
def test_two_that_bring_each_other_along_do_not_wait_for_each_other() -> None:
    by = StaffFactory(grant__role=Role.REVIEWER)
    rows = [
        EstablishmentFactory(formation="found", kind="joint_branch", since=ago(9)) for _ in range(2)
    ]
    start, answers = threading.Barrier(2), []

    def act(row: Establishment, other: Establishment) -> None:
        start.wait()
        try:
            bring_along(establishment=row, association=other.association, by=by)
            answers.append("brought")
        except ValidationError:
            answers.append("told")
        except Exception as error:
            answers.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=each) for each in (rows, rows[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["brought", "told"]
