"""What the tables of duplicates hold, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories.organizations import (
    AssociationFactory,
    DistinctNameFactory,
    FormerNameFactory,
    NotDuplicateFactory,
)

pytestmark = pytest.mark.django_db


def test_a_pair_stands_in_the_order_of_its_keys() -> None:
    first, second = AssociationFactory(), AssociationFactory()
    for low, high in [(second, first), (first, first)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            NotDuplicateFactory(low=low, high=high)


def test_a_pair_is_told_apart_once() -> None:
    pair = NotDuplicateFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        NotDuplicateFactory(low=pair.low, high=pair.high)


def test_a_former_name_leads_to_one_association() -> None:
    former = FormerNameFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerNameFactory(name=former.name)


def test_a_name_is_held_against_an_association_once() -> None:
    distinct = DistinctNameFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        DistinctNameFactory(association=distinct.association, name=distinct.name)
