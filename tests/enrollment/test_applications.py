"""Runs by application: judged, selected within the counties' shares, declined."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.registries import worklist
from config.baseline import ensure_roles
from courses.models import Run
from enrollment import applications, group_booking, offers, places
from enrollment.models import Application
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.factories import group_form, make_booking, make_open_run
from tests.home.factories import make_promoter, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _groups():
    ensure_roles()


def make_selective(*, now, places_count=2, **fields) -> Run:
    return make_open_run(
        now=now, places_count=places_count, selection=Run.Selection.APPLICATION, **fields
    )


def apply(run, *, now, people=None, **fields) -> Application:
    if people is None:
        return make_booking(now=now, run=run, **fields).application
    form = group_form(run=run, now=now, people=people, motivation="Vi vill sälja drifttid.")
    return group_booking.send(**form | fields).application


def statuses(application) -> list[str]:
    return list(application.booking.enrollments.order_by("pk").values_list("status", flat=True))


def test_an_individuals_application_has_its_row(now):
    application = apply(make_selective(now=now), now=now)
    assert statuses(application) == [Status.APPLIED] and application.score is None


def test_selected_gets_an_offer_with_places_and_one_mail(now):
    run = make_selective(now=now)
    application, actor = apply(run, now=now, people=[None, None]), make_user()
    for _twice in range(2):
        applications.select(application=application, actor=actor, now=now)
    assert statuses(application) == [Status.OFFERED] * 2
    assert run.places.taken().count() == 2
    mail = OutgoingMail.objects.get(kind="application_offer")
    assert mail.recipient == application.booking.booked_by
    offers.accept(booking=application.booking, actor=None, now=now)
    assert Status.OFFERED not in statuses(application)


def test_selection_after_applying_has_closed_leaves_time_to_answer(now):
    run = make_selective(now=now)
    application = apply(run, now=now)
    later = run.closes_at + timedelta(hours=1)
    applications.select(application=application, actor=make_user(), now=later)
    (seat,) = application.booking.enrollments.all()
    assert later < seat.hold_until <= places.first_meeting(run)


def test_too_many_selected_is_refused_whole(now):
    run = make_selective(now=now, places_count=1)
    application = apply(run, now=now, people=[None, None])
    with pytest.raises(places.RunFull):
        applications.select(application=application, actor=make_user(), now=now)
    assert statuses(application) == [Status.APPLIED] * 2
    assert not OutgoingMail.objects.filter(kind="application_offer").exists()


def test_places_kept_for_a_county_go_to_its_applications_alone(now):
    run = make_selective(now=now, places_count=1)
    places.set_share(
        run=run,
        region=make_region("21"),
        promoter=make_promoter("medvard", region_code="21"),
        count=1,
        release_at=now + timedelta(days=9),
        actor=None,
        now=now,
    )
    away = apply(run, now=now, region=make_region("20"))
    ours = apply(run, now=now, region=make_region("21"))
    actor = make_user()
    with pytest.raises(places.RunFull):
        applications.select(application=away, actor=actor, now=now)
    applications.select(application=ours, actor=actor, now=now)
    assert statuses(ours) == [Status.OFFERED] and statuses(away) == [Status.APPLIED]


def test_declined_is_told_once_and_kindly(now):
    application = apply(make_selective(now=now), now=now)
    actor = make_user()
    assert applications.decline(application=application, actor=actor, now=now)
    assert not applications.decline(application=application, actor=actor, now=now)
    seat = application.booking.enrollments.get()
    assert (seat.status, seat.reason) == (Status.CANCELLED, Reason.NOT_SELECTED)
    mail = OutgoingMail.objects.get(kind="application_declined")
    assert mail.recipient == seat.person and "Välkommen att söka igen" in mail.text


def test_what_is_decided_is_not_decided_again(now):
    run, actor = make_selective(now=now), make_user()
    selected, declined = apply(run, now=now), apply(run, now=now)
    applications.select(application=selected, actor=actor, now=now)
    applications.decline(application=declined, actor=actor, now=now)
    for act in (
        lambda: applications.decline(application=selected, actor=actor, now=now),
        lambda: applications.select(application=declined, actor=actor, now=now),
        lambda: applications.offer_again(application=declined, actor=actor, now=now),
        lambda: applications.shortlist(application=declined, score=1, actor=actor, now=now),
    ):
        with pytest.raises(applications.Decided):
            act()


def test_nothing_is_offered_on_a_run_that_has_begun_or_is_not_published(now):
    run, actor = make_selective(now=now), make_user()
    application = apply(run, now=now)
    with pytest.raises(applications.TooLate):
        applications.select(application=application, actor=actor, now=now + timedelta(days=31))
    Run.objects.filter(pk=run.pk).update(status=Run.Status.DRAFT)
    application.booking.refresh_from_db()
    with pytest.raises(applications.TooLate):
        applications.select(application=application, actor=actor, now=now)


def test_an_offer_that_ran_out_may_be_made_again(now):
    run, actor = make_selective(now=now), make_user()
    application = apply(run, now=now)
    applications.select(application=application, actor=actor, now=now)
    later = now + timedelta(days=5)
    places.expire(run=run, now=later)
    assert statuses(application) == [Status.CANCELLED]
    for _twice in range(2):
        applications.offer_again(application=application, actor=actor, now=later)
    assert statuses(application) == [Status.CANCELLED, Status.OFFERED]
    assert OutgoingMail.objects.filter(kind="application_offer").count() == 2


def test_a_judgement_is_stored_once_and_audited(now):
    application, actor = apply(make_selective(now=now), now=now), make_user()
    for changed in (True, False):
        judged = applications.shortlist(
            application=application, score=70, note="Bra", actor=actor, now=now
        )
        assert judged is changed
    application.refresh_from_db()
    assert (application.score, application.shortlisted_at) == (70, now)


def sign_in(client, role="coordinator", promoter=None):
    user = make_user(role=role)
    if promoter:
        promoter.staff.add(user)
    client.force_login(user)
    return user


def test_the_list_saves_scores_and_decides_what_is_ticked(client, now):
    run = make_selective(now=now, places_count=1)
    first, second = apply(run, now=now, people=[None]), apply(run, now=now)
    sign_in(client)
    address = reverse("enrolments:applications", args=[run.code])
    text = client.get(address).text
    assert "Vi vill sälja drifttid." in text and "Exempel Ventil" in text
    given = {}
    for n, one in enumerate((first, second)):
        given |= {f"{one.pk}-score": 50 + n, f"{one.pk}-note": "Läst", f"{one.pk}-listed": "on"}
    assert client.post(address, {**given, "do": "save"}).status_code == 302
    first.refresh_from_db()
    assert (first.score, first.note) == (50, "Läst") and first.shortlisted_at
    shown = client.get(address, {"sort": "score"}).context["rows"]
    assert [row.application for row, _form in shown] == [second, first]
    ticked = {f"{one.pk}-ticked": "on" for one in (first, second)}
    given |= ticked | {f"{first.pk}-note": "Skrivet på väg", "do": "select"}
    refused = client.post(address, given)
    assert refused.status_code == 409 and "Alla platser är tagna" in refused.text
    assert refused.text.count("-ticked") and " checked" in refused.text, "the tick is kept"
    first.refresh_from_db()
    assert first.note == "Skrivet på väg", "what was typed beside is not lost by deciding"
    assert sorted(statuses(first) + statuses(second)) == [Status.APPLIED, Status.OFFERED]
    waits = first if statuses(first) == [Status.APPLIED] else second
    client.post(address, {"do": "decline", f"{waits.pk}-ticked": "on"})
    assert statuses(waits) == [Status.CANCELLED]


def test_the_list_refuses_what_it_cannot_read_and_keeps_it(client, now):
    run = make_selective(now=now)
    application = apply(run, now=now)
    sign_in(client)
    address = reverse("enrolments:applications", args=[run.code])
    given = {f"{application.pk}-score": "700", f"{application.pk}-note": "Kvar", "do": "select"}
    refused = client.post(address, given | {f"{application.pk}-ticked": "on"})
    assert 'value="700"' in refused.text and "Kvar" in refused.text
    assert refused.text.count("100") > 1, "said first, and beside the field"
    assert f'href="#id_{application.pk}-score"' in refused.text
    assert client.post(address, {"do": "select"}).status_code == 409
    assert client.post(address, {"do": "select", "99999-ticked": "'; --"}).status_code == 409
    application.refresh_from_db()
    assert application.score is None and statuses(application) == [Status.APPLIED]


def test_only_the_host_decides(client, now):
    run = make_selective(now=now)
    apply(run, now=now)
    address = reverse("enrolments:applications", args=[run.code])
    sign_in(client, "promoter", make_promoter("annan"))
    assert client.get(address).status_code == client.post(address).status_code == 404
    sign_in(client, "promoter", run.host)
    assert client.get(address).status_code == 200


def test_undecided_applications_are_a_line_of_the_work_list(now):
    run = make_selective(now=now)
    application = apply(run, now=now)
    actor = make_user(role="promoter")
    assert not list(worklist["applications to decide"](actor, now))
    run.host.staff.add(actor)
    (item,) = worklist["applications to decide"](actor, now)
    assert run.code in item.title and item.since == application.booking.created_at
    applications.decline(application=application, actor=actor, now=now)
    assert not list(worklist["applications to decide"](actor, now))


def test_the_list_takes_the_same_queries_for_one_and_ten(
    client, now, django_assert_max_num_queries
):
    sign_in(client)
    counts = []
    for n in (1, 10):
        run = make_selective(now=now)
        for _each in range(n):
            apply(run, now=now)
        client.get(reverse("enrolments:applications", args=[run.code]))
        with django_assert_max_num_queries(40) as counted:
            client.get(reverse("enrolments:applications", args=[run.code]))
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_bookings_token_is_of_its_own_form(now):
    run = make_selective(now=now)
    token = uuid4()
    person = make_user()
    first = make_booking(now=now, run=run, person=person, token=token)
    assert make_booking(now=now, run=run, person=person, token=token) == first
    assert Application.objects.count() == 1
