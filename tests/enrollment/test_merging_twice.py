"""What two accounts of one person both have: which of the two stays, and what the person is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from enrollment import memberships, merging
from enrollment.models import CompanyMembership, Enrollment
from enrollment.status import Reason
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.change_factories import events
from tests.enrollment.company_factories import make_booker, make_company
from tests.enrollment.factories import make_booking, make_open_run

pytestmark = pytest.mark.django_db


def test_the_place_that_is_given_up_leaves_the_diary(now):
    run = make_open_run(now=now, sessions=2)
    keep, gone = make_user(), make_user()
    for person in (keep, gone):
        make_booking(now=now, run=run, person=person)
    merging.merge(keep=keep, gone=gone, actor=make_user(role=Role.COORDINATOR), now=now)
    lost = Enrollment.objects.get(reason=Reason.MERGED)
    mail = OutgoingMail.objects.get(kind="people_merged")
    cancelled = events(mail)["CANCEL"]
    assert len(cancelled) == 2
    assert all(uid.startswith(str(lost.public_id)) for uid in cancelled)
    assert "Du hade två platser på samma kurstillfälle" in mail.text


def test_a_merge_without_two_places_says_nothing_of_them(now):
    keep, gone = make_user(), make_user()
    make_booking(now=now, person=gone)
    merging.merge(keep=keep, gone=gone, actor=make_user(role=Role.COORDINATOR), now=now)
    mail = OutgoingMail.objects.get(kind="people_merged")
    assert "två platser" not in mail.text
    assert mail.calendar == ""


@pytest.mark.parametrize("ended", ["kept", "gone"])
def test_of_two_memberships_the_one_that_counts_stays(now, ended):
    company, staff = make_company(now), make_user(role=Role.COORDINATOR)
    keep, gone = make_booker(company, now), make_booker(company, now)
    over = CompanyMembership.objects.get(user=keep if ended == "kept" else gone)
    memberships.end(membership=over, by=staff, now=now - timedelta(days=1))
    merging.merge(keep=keep, gone=gone, actor=staff, now=now)
    assert memberships.acts_for(keep, company, today=timezone.localdate(now))
    assert CompanyMembership.objects.count() == 1
