import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.policy import visible
from accounts.registries import personal_data
from home.models import Promoter, PromoterMembership
from tests.accounts.factories import make_user
from tests.home.factories import make_promoter

pytestmark = pytest.mark.django_db


def test_membership_is_personal_data():
    assert personal_data[PromoterMembership].path == "user"


def test_memberships_are_seen_by_their_own_person_only():
    promoter, other = make_promoter("a"), make_promoter("b")
    me, you = make_user(), make_user()
    mine = PromoterMembership.objects.create(promoter=promoter, user=me)
    PromoterMembership.objects.create(promoter=other, user=you)
    assert list(visible(me, PromoterMembership)) == [mine]
    assert not visible(AnonymousUser(), PromoterMembership).exists()


def test_promoters_are_public_facts():
    make_promoter("a")
    assert visible(AnonymousUser(), Promoter).count() == 1
