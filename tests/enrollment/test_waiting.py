from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from enrollment import booking, mails, places, waiting
from enrollment.models import Enrollment, Place, WaitingEntry
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.factories import (
    make_booking,
    make_enrollment,
    make_full_run,
    make_open_run,
    make_waiting,
)

pytestmark = pytest.mark.django_db
Entry = WaitingEntry.Status


def leave_one(run, now) -> None:
    confirmed = run.enrollments.confirmed().first()
    booking.cancel(enrollment=confirmed, reason=Reason.BY_PERSON, actor=None, now=now)


def states(*entries) -> list[str]:
    for entry in entries:
        entry.refresh_from_db()
    return [entry.status for entry in entries]


def offer_page(entry) -> str:
    with override("sv"):
        return reverse("offer", args=[mails.offer_token(entry)])


def test_a_freed_place_goes_to_the_first_in_line(now):
    run = make_full_run(now=now)
    entries = [make_waiting(now=now, run=run) for _ in range(3)]
    leave_one(run, now)
    assert states(*entries) == [Entry.OFFERED, Entry.WAITING, Entry.WAITING]
    offered = Enrollment.objects.get(run=run, status=Status.OFFERED)
    assert offered.person == entries[0].person
    assert offered.hold_until == places.offer_end(run=run, now=now)
    assert OutgoingMail.objects.filter(kind="waiting_offer").count() == 1


def test_a_freed_place_is_not_sold_past_the_line(now):
    run = make_full_run(now=now)
    make_waiting(now=now, run=run)
    leave_one(run, now)
    with pytest.raises(places.RunFull):
        make_booking(now=now, run=run)


def test_an_offer_never_outlives_the_booking_window(now):
    run = make_full_run(now=now, closes_at=now + timedelta(hours=5))
    make_waiting(now=now, run=run)
    leave_one(run, now)
    assert Enrollment.objects.get(status=Status.OFFERED).hold_until == run.closes_at


def test_nothing_is_offered_after_booking_has_closed(now):
    run = make_full_run(now=now, closes_at=now + timedelta(hours=5))
    entry = make_waiting(now=now, run=run)
    leave_one(run, now + timedelta(hours=6))
    assert states(entry) == [Entry.WAITING]
    assert Place.objects.free().filter(run=run).count() == 1
    run.closes_at = now - timedelta(hours=1)
    run.save(update_fields=["closes_at"])


def test_joining_a_run_with_free_places_is_refused(now):
    with pytest.raises(waiting.PlacesFree):
        make_waiting(now=now, run=make_open_run(now=now))


def test_joining_finds_the_place_of_an_overdue_hold(now):
    run = make_open_run(now=now, places_count=1, price_ore=100)
    make_enrollment(now=now, run=run)
    with pytest.raises(waiting.PlacesFree):
        make_waiting(now=now + booking.HOLD_TIME, run=run)


def test_joining_twice_is_once_and_tells_the_place_in_line(now):
    run, person = make_full_run(now=now), make_user()
    make_waiting(now=now, run=run)
    first = make_waiting(now=now, run=run, person=person)
    assert make_waiting(now=now, run=run, person=person) == first
    assert waiting.position(first) == 2


def test_somebody_enrolled_cannot_wait(now):
    run = make_full_run(now=now)
    person = run.enrollments.get().person
    with pytest.raises(booking.AlreadyEnrolled):
        make_waiting(now=now, run=run, person=person)


def test_an_expired_offer_passes_on(now):
    run = make_full_run(now=now)
    first, second = make_waiting(now=now, run=run), make_waiting(now=now, run=run)
    leave_one(run, now)
    later = places.offer_end(run=run, now=now)
    with pytest.raises(waiting.OfferEnded):
        first.refresh_from_db()
        waiting.accept(entry=first, actor=None, now=later)
    assert places.expire(run=run, now=later) == 1
    assert states(first, second) == [Entry.EXPIRED, Entry.OFFERED]
    assert OutgoingMail.objects.filter(kind="place_expired").count() == 1
    with pytest.raises(waiting.OfferEnded):
        waiting.accept(entry=first, actor=None, now=now)


def test_an_accepted_place_that_is_cancelled_goes_to_the_next_and_is_spent(now):
    run = make_full_run(now=now)
    first, second = make_waiting(now=now, run=run), make_waiting(now=now, run=run)
    leave_one(run, now)
    first.refresh_from_db()
    made = waiting.accept(entry=first, actor=first.person, now=now)
    assert waiting.accept(entry=first, actor=first.person, now=now) == made
    leave_one(run, now)
    assert states(first, second) == [Entry.ACCEPTED, Entry.OFFERED]
    assert made.enrollments.get().status == Status.CANCELLED


def test_a_group_that_does_not_fit_keeps_its_place_in_line(now):
    run = make_full_run(now=now, places_count=3)
    group = make_waiting(now=now, run=run, wanted=3, at_least=2)
    single = make_waiting(now=now, run=run)
    leave_one(run, now)
    assert states(group, single) == [Entry.WAITING, Entry.OFFERED]
    leave_one(run, now)
    assert states(group) == [Entry.WAITING]
    waiting.decline(entry=single, actor=None, now=now)
    assert states(group, single) == [Entry.OFFERED, Entry.DECLINED]
    assert group.booking.enrollments.count() == 2


def test_two_clicks_take_an_offered_place(client, now):
    run = make_full_run(now=now)
    entry = make_waiting(now=now, run=run)
    leave_one(run, timezone.now())
    entry.refresh_from_db()
    assert "Ta platsen" in client.get(offer_page(entry)).content.decode()
    taken = client.post(offer_page(entry), {"answer": "accept"})
    assert "Din plats är bokad" in client.get(taken.url).content.decode()
    assert states(entry) == [Entry.ACCEPTED]
    again = client.get(offer_page(entry))
    assert again.status_code == 302


def test_declining_is_one_click_and_the_next_gets_it(client, now):
    run = make_full_run(now=now)
    first, second = make_waiting(now=now, run=run), make_waiting(now=now, run=run)
    leave_one(run, timezone.now())
    first.refresh_from_db()
    for _ in range(2):
        page = client.post(offer_page(first), {"answer": "decline"})
        assert "tackat nej" in page.content.decode()
    assert states(first, second) == [Entry.DECLINED, Entry.OFFERED]


def test_an_offer_that_ended_says_so(client, now):
    run = make_full_run(now=now)
    entry = make_waiting(now=now, run=run)
    leave_one(run, timezone.now())
    entry.refresh_from_db()
    places.expire(run=run, now=timezone.now() + timedelta(days=3))
    assert "gäller inte längre" in client.get(offer_page(entry)).content.decode()
    assert client.post(offer_page(entry), {"answer": "accept"}).status_code == 409


@pytest.mark.parametrize("token", ["x", "WyJhIiwxXQ:1abc:def", "a:b"])
def test_a_made_up_offer_is_not_found(client, db, token):
    assert client.get(f"/sv/offers/{token}/").status_code == 404


def test_leaving_the_line_passes_an_open_offer_on(client, now):
    run = make_full_run(now=now)
    first, second = make_waiting(now=now, run=run), make_waiting(now=now, run=run)
    leave_one(run, timezone.now())
    client.force_login(second.person)
    assert client.post(f"/sv/my/waiting/{first.public_id}/leave/").status_code == 404
    client.force_login(first.person)
    assert client.post(f"/sv/my/waiting/{first.public_id}/leave/").status_code == 302
    assert states(first, second) == [Entry.DECLINED, Entry.OFFERED]
