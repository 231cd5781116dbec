"""Frozen reports."""

import datetime

import factory

from organizations.models import Report
from tests.factories.accounts import UserFactory


class ReportFactory(factory.django.DjangoModelFactory):
    """A report without rows; `freeze` makes one with them."""

    class Meta:
        model = Report

    title = "测试报表"
    period = Report.Period.QUARTER
    starts_on = datetime.date(2026, 1, 1)
    ends_on = datetime.date(2026, 3, 31)
    as_of = datetime.date(2026, 3, 31)
    counts_functional = False
    counts_dormant = True
    frozen_by = factory.SubFactory(UserFactory)
