"""Assessment cycles with what belongs to them."""

import datetime
from decimal import Decimal

import factory

from accounts.roles import Role
from assessments.models import (
    Adjustment,
    Brand,
    Cycle,
    Indicator,
    Objection,
    Participant,
    Score,
    ScoringTask,
)
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.organizations import DepartmentFactory

DAY = datetime.date


class CycleFactory(factory.django.DjangoModelFactory):
    """The cycle of a year, in preparation, whose cut-off day is over."""

    class Meta:
        model = Cycle

    year = factory.Sequence(lambda n: 2021 + n % 70)
    title = factory.LazyAttribute(lambda cycle: f"{cycle.year}年度创晒评")
    starts_on = DAY(2025, 1, 1)
    cutoff_on = DAY(2025, 12, 31)
    declaring_from = DAY(2025, 3, 1)
    declaring_until = DAY(2025, 5, 31)
    showing_from = DAY(2025, 6, 1)
    showing_until = DAY(2025, 12, 31)
    rating_from = DAY(2026, 1, 1)
    rating_until = DAY(2026, 3, 31)
    ballot_weight = 0


class IndicatorFactory(factory.django.DjangoModelFactory):
    """A judged indicator."""

    class Meta:
        model = Indicator

    cycle = factory.SubFactory(CycleFactory)
    position = factory.Sequence(lambda n: n + 1)
    section = "责任落实"
    name = factory.Sequence(lambda n: f"指标{n}")
    kind = Indicator.Kind.JUDGED
    full = Decimal(100)


class ParticipantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Participant

    cycle = factory.SubFactory(CycleFactory)
    department = factory.SubFactory(DepartmentFactory)


class ScoringTaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoringTask

    indicator = factory.SubFactory(IndicatorFactory)
    evaluator = factory.SubFactory(StaffFactory, grant__role=Role.EVALUATOR)


class ScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Score

    task = factory.SubFactory(ScoringTaskFactory)
    participant = factory.SubFactory(ParticipantFactory)
    points = Decimal(80)
    justification = "工作扎实，成效明显"


class AdjustmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Adjustment

    indicator = factory.SubFactory(IndicatorFactory, kind=Indicator.Kind.BONUS, full=5)
    participant = factory.SubFactory(ParticipantFactory)
    points = Decimal(2)
    reason = "获市级以上表彰"
    evidence = "菏委〔2025〕1号"
    given_by = factory.SubFactory(UserFactory)


class ObjectionFactory(factory.django.DjangoModelFactory):
    """An objection that waits for its reply; its cycle has to be announced."""

    class Meta:
        model = Objection

    participant = factory.SubFactory(ParticipantFactory)
    text = "截止日前已成立的党组织未计入覆盖率"
    raised_by = factory.SubFactory(UserFactory)


class BrandFactory(factory.django.DjangoModelFactory):
    """An industry brand that has been declared."""

    class Meta:
        model = Brand

    class Params:
        named = factory.Trait(
            stage="named",
            named_on=DAY(2025, 7, 1),
            naming_no="菏社工发〔2025〕9号",
            valid_until=DAY(2099, 7, 1),
        )

    level = Brand.Level.INDUSTRY
    department = factory.SubFactory(DepartmentFactory)
    title = factory.Sequence(lambda n: f"红帆领航{n}")
    mark = "红帆图形"
    meaning = "党建引领行业发展"
    vehicle = "党员先锋岗"
    effect = "会员满意度提升"
    stage = "declared"
    since = DAY(2025, 6, 1)
    declared_by = factory.SubFactory(UserFactory)
