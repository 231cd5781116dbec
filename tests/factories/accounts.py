"""People with log-ins and their grants."""

import datetime

import factory

from accounts.models import User
from accounts.roles import Role
from organizations.models import Grant

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory):
    """A person without rights; see GrantFactory and StaffFactory."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"测试用户{n}")
    password = factory.django.Password(PASSWORD)


class GrantFactory(factory.django.DjangoModelFactory):
    """A role without limit of scope, in force since 2020."""

    class Meta:
        model = Grant

    user = factory.SubFactory(UserFactory)
    role = Role.REVIEWER
    valid_from = datetime.date(2020, 1, 1)


class StaffFactory(UserFactory):
    """A person with one grant: `StaffFactory(grant__role=…, grant__department=…)`."""

    grant = factory.RelatedFactory(GrantFactory, factory_related_name="user")
