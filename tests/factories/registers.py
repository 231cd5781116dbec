"""Rows of the register engine."""

import factory

from registers.models import LearnedAlias
from tests.factories.accounts import UserFactory


class LearnedAliasFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LearnedAlias

    vocabulary = "departments"
    text = factory.Sequence(lambda n: f"老局{n}")
    taught_by = factory.SubFactory(UserFactory)
