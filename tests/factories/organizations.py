"""Divisions, departments, associations, Party organisations and instructors."""

import datetime
import uuid
from uuid import uuid4

import factory
from django.utils import timezone
from stdnum.cn import uscc

from organizations.models import (
    AbnormalListing,
    Assignment,
    Association,
    Coverage,
    Department,
    DistinctName,
    Division,
    Document,
    Dormancy,
    Establishment,
    FormerName,
    Inspection,
    Instructor,
    LeadershipTerm,
    Merger,
    NotDuplicate,
    PartyOrganization,
    Rating,
    RectificationNote,
    StageMove,
    Suggestion,
    TrainingAttendance,
    TrainingSession,
    UnresolvedAssignment,
    WeakListing,
    WorkEntry,
)
from organizations.operations.suggestions import due_day
from tests.factories.accounts import UserFactory

LONG_AGO = datetime.date(2015, 1, 1)
ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(number: int, division: str = "371700") -> str:
    """A valid unified social credit code of a social association; `number` below 10^8."""
    digits = f"{number:08d}"
    total = sum(int(d) * w for d, w in zip(digits, ORGANIZATION_WEIGHTS, strict=True))
    check = (11 - total % 11) % 11
    body = f"51{division}{digits}{'X' if check == 10 else check}"
    return body + uscc.calc_check_digit(body)


class CityFactory(factory.django.DjangoModelFactory):
    """The city itself; there is only one."""

    class Meta:
        model = Division
        django_get_or_create = ("code",)

    code = "371700"
    name = "菏泽市"
    kind = Division.Kind.CITY


class CountyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Division

    code = factory.Sequence(lambda n: f"372{n:03d}")
    name = factory.Sequence(lambda n: f"测试{n}县")
    kind = Division.Kind.COUNTY
    parent = factory.SubFactory(CityFactory)


class TownFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Division

    code = factory.Sequence(lambda n: f"373{n:06d}")
    name = factory.Sequence(lambda n: f"测试{n}镇")
    kind = Division.Kind.TOWN
    parent = factory.SubFactory(CountyFactory)


class DepartmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"department{n}")
    name = factory.Sequence(lambda n: f"菏泽市测试{n}局")
    short_name = factory.LazyAttribute(lambda department: department.name.removeprefix("菏泽"))
    division = factory.SubFactory(CityFactory)
    is_assessed = True


class AssociationFactory(factory.django.DjangoModelFactory):
    """A registered association of the city, complete enough to count everywhere."""

    class Meta:
        model = Association

    class Params:
        ended = factory.Trait(
            status=Association.Status.DEREGISTERED, ended_on=datetime.date(2024, 1, 1)
        )
        chamber = factory.Trait(
            level=Association.Level.TOWNSHIP,
            registration_type=Association.RegistrationType.CHAMBER,
            division=factory.SubFactory(TownFactory),
        )

    name = factory.Sequence(lambda n: f"菏泽市测试{n}行业协会")
    credit_code = factory.Sequence(credit_code)
    registration_type = Association.RegistrationType.DECOUPLED
    level = Association.Level.CITY
    division = factory.SubFactory(CityFactory)
    industry_department = factory.SubFactory(DepartmentFactory)
    registered_on = LONG_AGO


class InspectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Inspection

    association = factory.SubFactory(AssociationFactory)
    year = 2024
    regime = Inspection.Regime.INSPECTION
    result = Inspection.Result.PASSED


class RatingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rating

    association = factory.SubFactory(AssociationFactory)
    grade = Rating.Grade.A3
    valid_from = datetime.date(2023, 1, 1)
    valid_until = datetime.date(2028, 1, 1)


class LeadershipTermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LeadershipTerm

    association = factory.SubFactory(AssociationFactory)
    post = LeadershipTerm.Post.PRESIDENT
    name = factory.Sequence(lambda n: f"会长{n}")
    valid_from = datetime.date(2023, 1, 1)


class AbnormalListingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AbnormalListing

    association = factory.SubFactory(AssociationFactory)
    list = AbnormalListing.List.ABNORMAL
    entered_on = datetime.date(2024, 1, 1)
    entry_reason = "未按时报送年报"


class DormancyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Dormancy

    association = factory.SubFactory(AssociationFactory)
    reason = Dormancy.Reason.INACTIVE
    found_on = datetime.date(2024, 1, 1)


class PartyOrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartyOrganization

    name = factory.Sequence(lambda n: f"中共菏泽市测试{n}行业协会支部委员会")
    kind = PartyOrganization.Kind.BRANCH
    formation = PartyOrganization.Formation.STANDALONE
    established_on = LONG_AGO


class CoverageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Coverage

    association = factory.SubFactory(AssociationFactory)
    party_organization = factory.SubFactory(PartyOrganizationFactory)
    valid_from = LONG_AGO


class CommitteeFactory(PartyOrganizationFactory):
    """The committee through which a city department leads its associations."""

    kind = PartyOrganization.Kind.COMMITTEE
    committee_form = PartyOrganization.CommitteeForm.ENTITY
    host_department = factory.SubFactory(DepartmentFactory)
    last_election_on = datetime.date(2024, 1, 1)


class WeakListingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WeakListing

    party_organization = factory.SubFactory(PartyOrganizationFactory)
    listed_on = datetime.date(2026, 1, 10)
    reason = WeakListing.Reason.SHELL
    reason_text = "长期不开展组织生活"


class RectificationNoteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RectificationNote

    listing = factory.SubFactory(WeakListingFactory, rectifying_since=datetime.date(2026, 1, 15))
    month = datetime.date(2026, 1, 1)
    text = "召开支部大会，明确整改措施"
    written_by = factory.SubFactory("tests.factories.accounts.UserFactory")


class InstructorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Instructor

    name = factory.Sequence(lambda n: f"指导员{n}")
    unit = "市委社会工作部"
    engagement = Instructor.Engagement.PART_TIME


class AssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assignment

    instructor = factory.SubFactory(InstructorFactory)
    association = factory.SubFactory(AssociationFactory)
    assigned_on = LONG_AGO


class UnresolvedAssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnresolvedAssignment

    instructor = factory.SubFactory(InstructorFactory)
    association_name = factory.Sequence(lambda n: f"菏泽市未知{n}协会")
    assigned_on = datetime.date(2024, 1, 1)


class DocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Document

    association = factory.SubFactory(AssociationFactory)
    kind = Document.Kind.CHARTER
    title = factory.Sequence(lambda n: f"章程{n}")
    file = factory.django.FileField(data=b"%PDF-1.7 charter")
    file_name = "章程.pdf"


class FormerNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FormerName

    association = factory.SubFactory(AssociationFactory)
    name = factory.Sequence(lambda n: f"菏泽市曾用{n}协会")


class DistinctNameFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DistinctName

    association = factory.SubFactory(AssociationFactory)
    name = factory.Sequence(lambda n: f"菏泽市别的{n}协会")


class NotDuplicateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NotDuplicate

    low = factory.SubFactory(AssociationFactory)
    high = factory.SubFactory(AssociationFactory)


class MergerFactory(factory.django.DjangoModelFactory):
    """That an entry is part of another, without the traces that undoing it would follow."""

    class Meta:
        model = Merger

    survivor = factory.SubFactory(AssociationFactory)
    absorbed = factory.Sequence(lambda n: 900_000_000 + n)
    absorbed_name = factory.Sequence(lambda n: f"菏泽市并入{n}协会")
    context = factory.LazyFunction(uuid.uuid4)


class EstablishmentFactory(factory.django.DjangoModelFactory):
    """Surveyed, with the move that says so, as operations leave it."""

    class Meta:
        model = Establishment
        skip_postgeneration_save = True

    association = factory.SubFactory(AssociationFactory)
    formation = Establishment.Formation.STANDALONE
    kind = PartyOrganization.Kind.BRANCH
    since = LONG_AGO

    @factory.post_generation
    def moves(self, create, extracted, **kwargs):
        StageMove.objects.create(establishment=self, to_stage=self.stage, on=self.since)


class JointBranchFactory(PartyOrganizationFactory):
    name = factory.Sequence(lambda n: f"中共菏泽市测试{n}联合支部委员会")
    kind = PartyOrganization.Kind.JOINT_BRANCH
    formation = PartyOrganization.Formation.JOINT


class WorkEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkEntry

    instructor = factory.SubFactory(InstructorFactory)
    association = factory.SubFactory(AssociationFactory)
    on = datetime.date(2026, 3, 1)
    method = WorkEntry.Method.VISIT
    done = "走访协会，了解党组织活动情况。"
    created_by = factory.SubFactory(UserFactory)


class TrainingSessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingSession

    title = factory.Sequence(lambda n: f"第{n}期党务工作者培训班")
    held_on = datetime.date(2025, 5, 8)
    organiser = factory.SubFactory(DepartmentFactory)


class TrainingAttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TrainingAttendance

    session = factory.SubFactory(TrainingSessionFactory)
    name = factory.Sequence(lambda n: f"学员{n}")
    unit = "某协会党支部"


class SuggestionFactory(factory.django.DjangoModelFactory):
    """Something that the public wrote today; traits bring it into other states."""

    class Meta:
        model = Suggestion

    class Params:
        in_hand = factory.Trait(
            state=Suggestion.State.IN_HAND, handler=factory.SubFactory(UserFactory)
        )
        answered = factory.Trait(
            in_hand=True,
            state=Suggestion.State.ANSWERED,
            answer="已经核实并办理。",
            settled_on=factory.LazyFunction(timezone.localdate),
        )
        published = factory.Trait(
            answered=True,
            public_text="希望公开办事指南。",
            public_answer="办事指南已经公开。",
            published_on=factory.LazyFunction(timezone.localdate),
        )

    kind = Suggestion.Kind.SUGGESTION
    text = factory.Sequence(lambda n: f"第{n}条意见：希望公开办事指南。")
    key = factory.LazyFunction(uuid4)
    code_hash = "0" * 64
    received_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyAttribute(lambda made: due_day(timezone.localdate(made.received_at)))
