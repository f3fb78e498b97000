"""What a form with somebody's address tells of that person: to strangers nothing, to colleagues what they need."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.people import claim
from accounts.roles import Role
from courses.models import Course
from enrollment import (
    changes,
    discretion,
    group_booking,
    mails,
    merging,
    moving,
    naming,
    places,
    unasked,
    waiting,
)
from enrollment.group_booking import Named
from enrollment.models import Booking, Company, Enrollment, RunRules
from enrollment.requirements import missing
from enrollment.status import Status
from messaging.models import OutgoingMail
from messaging.words import fill
from tests.accounts.factories import make_user
from tests.courses.factories import make_course
from tests.enrollment.company_factories import ANNA, MATS, make_booker, make_company, make_group
from tests.enrollment.company_screens import first_screen
from tests.enrollment.factories import (
    group_form,
    make_booking,
    make_full_run,
    make_open_run,
    make_waiting,
)
from tests.home.factories import make_promoter

pytestmark = pytest.mark.django_db

VICTIM = "chef@norr.example.org"


def told(kind: str) -> list[str]:
    return list(OutgoingMail.objects.filter(kind=kind).values_list("to_address", flat=True))


def company_form(client, run, *, step: str = "send", email: str = VICTIM, **fields):
    """One person named on the company's three screens."""
    words = {
        **first_screen(people="1"),
        "token": str(uuid4()),
        "checked": "1",
        "name_1": "Typad Person",
        "email_1": email,
        "step": step,
        **fields,
    }
    return client.post(f"/en/runs/{run.code}/book/company/", words, follow=True)


def alike(html: str, *differing: str) -> str:
    """A page without what is different on every page."""
    html = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|csrf\w+\" value=\"\w+\"", "", html)
    for words in differing:
        html = html.replace(words, "")
    return html


def busy_elsewhere(now, *, code: str = "OTHER") -> None:
    other = make_open_run(now=now, course=make_course(code))
    make_booking(now=now, run=other, person=make_user(email=VICTIM))


def test_a_stranger_reads_the_same_whether_the_one_named_takes_part_or_not(client, now):
    run = make_open_run(now=now, places_count=20)
    make_booking(now=now, run=run, person=make_user(email=VICTIM))
    pages = []
    for email in (VICTIM, "ingen@norr.example.org"):
        checked = company_form(client, run, step="check", email=email)
        client.cookies.clear()
        sent = company_form(client, run, email=email)
        booking = Booking.objects.exclude(company=None).latest("pk")
        named = client.get(reverse("name_people", args=[booking.public_id]))
        client.cookies.clear()
        assert (checked.status_code, sent.status_code, named.status_code) == (200, 200, 200)
        pages.append([alike(page.content.decode(), email) for page in (sent, named)])
        assert "already has a place" not in checked.content.decode()
    assert pages[0] == pages[1]


def test_nothing_is_lost_and_the_people_concerned_get_mail(client, now):
    run = make_open_run(now=now)
    make_booking(now=now, run=run, person=make_user(email=VICTIM))
    company_form(client, run)
    booking = Booking.objects.exclude(company=None).get()
    seat = booking.enrollments.get()
    assert (seat.person, seat.named_as, seat.status) == (None, "Typad Person", Status.HELD)
    assert told("names_not_taken") == ["booker@ventil.example.org"]
    assert told("person_wanted") == [VICTIM]
    assert "Exempel Anna Exempelsson" in OutgoingMail.objects.get(kind="person_wanted").text
    client.force_login(booking.booked_by)
    page = client.get(reverse("name_people", args=[booking.public_id])).content.decode()
    assert "Cannot take the place that was booked for them: Typad Person." in page
    fields = {f"name_{seat.pk}": "Annan Person", f"email_{seat.pk}": "annan@ventil.example.org"}
    client.post(reverse("name_people", args=[booking.public_id]), fields)
    assert booking.enrollments.get().status == Status.CONFIRMED


@pytest.mark.parametrize("path", ["book", "wait"])
def test_another_course_at_the_same_time_is_told_to_the_person_alone(client, now, path):
    busy_elsewhere(now)
    run = make_open_run(now=now) if path == "book" else make_full_run(now=now)
    RunRules.objects.create(run=run, no_overlap=True)
    words = {"first_name": "A", "last_name": "B", "email": VICTIM, "terms": "on"}
    page = client.post(f"/en/runs/{run.code}/{path}/", {**words, "token": str(uuid4())})
    assert "collides" not in page.content.decode()
    assert "Look in your mail" in page.content.decode()
    assert "collides" in OutgoingMail.objects.get(kind="may_not_book").text
    client.force_login(User.objects.get(email=VICTIM))
    page = client.post(f"/en/runs/{run.code}/{path}/", {"terms": "on", "token": str(uuid4())})
    assert "collides" in page.content.decode()


def test_the_company_form_says_nothing_of_other_courses(client, now):
    busy_elsewhere(now)
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, no_overlap=True)
    for step in ("check", "send"):
        assert "collides" not in company_form(client, run, step=step).content.decode()
    assert Booking.objects.exclude(company=None).filter(run=run, enrollments__person=None).exists()
    assert told("person_wanted") == [VICTIM]


def test_a_seat_that_is_named_later_tells_a_stranger_nothing(now):
    booking = make_group(now, (None, None))
    make_booking(now=now, run=booking.run, person=make_user(email=VICTIM))
    first, second = booking.enrollments.order_by("pk")
    named = {first.pk: Named(VICTIM, "Typad", "Person"), second.pk: MATS}
    naming.name_seats(booking=booking, named=named, actor=booking.booked_by, now=now)
    assert booking.enrollments.get(person__email=MATS.email).status == Status.CONFIRMED
    assert booking.enrollments.get(person=None).named_as == "Typad Person"
    assert told("names_not_taken") == [booking.booked_by.email]


def test_two_addresses_of_one_person_are_not_told_apart_from_two_people(now):
    keep, gone = make_user(), make_user()
    merging.merge(keep=keep, gone=gone, actor=make_user(role=Role.COORDINATOR), now=now)
    booking = make_group(now, (None, None))
    first, second = booking.enrollments.order_by("pk")
    named = {first.pk: Named(keep.email, "A", "B"), second.pk: Named(gone.email, "C", "D")}
    naming.name_seats(booking=booking, named=named, actor=booking.booked_by, now=now)
    assert [seat.name_to_booker for seat in booking.enrollments.order_by("pk")] == ["A B", "C D"]
    assert booking.enrollments.get(person=None).status == Status.HELD


def test_whoever_acts_for_the_company_is_told_about_its_people(now):
    company = make_company(now)
    booker, stranger = make_booker(company, now), make_user()
    make_group(now, (ANNA,))
    run = make_open_run(now=now)
    about = {"run": run, "now": now}
    assert discretion.may_know(booker, [ANNA.email, VICTIM], **about) == {ANNA.email}
    assert discretion.may_know(stranger, [ANNA.email, stranger.email], **about) == {stranger.email}
    assert discretion.may_know(None, [ANNA.email], **about) == frozenset()
    staff = make_user(role=Role.PROMOTER)
    assert discretion.may_know(staff, [ANNA.email], **about) == frozenset()
    run.host.staff.add(staff)
    assert discretion.may_know(staff, [ANNA.email], **about) == {ANNA.email}


def test_a_substitute_who_has_a_place_is_refused_without_saying_why(client, now):
    booking = make_group(now, (ANNA,))
    make_booking(now=now, run=booking.run, person=make_user(email=VICTIM))
    client.force_login(booking.booked_by)
    address = reverse("substitute", args=[booking.enrollments.get().public_id])
    words = {"first_name": "Typad", "last_name": "Person", "email": VICTIM}
    page = client.post(address, words)
    assert page.status_code == 409
    assert "redan" not in page.context["form"].errors["email"][0]
    assert told("person_wanted") == [VICTIM]
    assert booking.enrollments.get().person.email == ANNA.email


def test_somebody_named_too_often_gets_no_more_mail_and_no_booking_is_lost(now):
    for _run in range(unasked.MOST + 2):
        make_group(now, (MATS,), run=make_open_run(now=now))
    assert len(told("place_confirmed")) == unasked.MOST
    assert "person_wanted" not in OutgoingMail.objects.values_list("kind", flat=True)
    last = Booking.objects.latest("pk")
    assert last.enrollments.get().named_as == MATS.name
    assert told("names_not_taken") == [last.booked_by.email] * 2
    make_group(now + timedelta(days=2), (MATS,), run=make_open_run(now=now))
    assert len(told("place_confirmed")) == unasked.MOST + 1


def test_an_address_is_signed_up_ten_times_a_day_by_visitors(client, now):
    runs = [make_open_run(now=now) for _n in range(unasked.MOST + 1)]
    words = {"first_name": "A", "last_name": "B", "email": VICTIM, "terms": "on"}
    pages = [
        client.post(f"/en/runs/{run.code}/book/", {**words, "token": str(uuid4())}) for run in runs
    ]
    assert [page.status_code for page in pages] == [302] * unasked.MOST + [429]
    assert "Sign in" in pages[-1].content.decode()
    client.force_login(User.objects.get(email=VICTIM))
    page = client.post(f"/en/runs/{runs[-1].code}/book/", {"terms": "on", "token": str(uuid4())})
    assert page.status_code == 302


def test_a_claimed_name_is_shown_to_nobody_who_only_knows_the_address(client, now):
    run = make_open_run(now=now, places_count=20)
    victim = make_user(first_name="Hemlig", last_name="Identitet", email=VICTIM)
    claim(person=victim, now=now)
    sent = company_form(client, run, email_1=VICTIM).content.decode()
    booking = Booking.objects.get()
    named = client.get(reverse("name_people", args=[booking.public_id])).content.decode()
    client.force_login(booking.booked_by)
    pages = [sent, named]
    for name, args in (
        ("my", []),
        ("company", []),
        ("booking", [booking.public_id]),
        ("name_people", [booking.public_id]),
        ("cancel_enrolment", [booking.enrollments.get().public_id]),
        ("substitute", [booking.enrollments.get().public_id]),
    ):
        pages.append(client.get(reverse(name, args=args)).content.decode())
    another = make_open_run(now=now)
    who = client.post(
        f"/en/runs/{another.code}/book/company/",
        {**first_screen(people="1"), "token": str(uuid4()), "step": "people"},
    )
    pages.append(who.content.decode())
    pages += OutgoingMail.objects.exclude(recipient=victim).values_list("text", flat=True)
    assert not any("Hemlig" in page or "Identitet" in page for page in pages)
    assert "Typad Person" in sent
    assert all("Typad Person" in page for page in pages[2:])


def test_a_bookers_stored_name_is_not_told_to_those_named_with_the_address(now):
    ceo = make_user(first_name="Hemlig", last_name="Identitet")
    claim(person=ceo, now=now)
    make_group(now, (ANNA,), booker=Named(ceo.email, "Falsk", "Avsändare"))
    text = fill(OutgoingMail.objects.get(kind="place_confirmed")).text
    assert "Falsk Avsändare" in text
    assert "Hemlig" not in text


def test_a_stranger_renames_nobody(client, now):
    booking = make_group(now, (ANNA,))
    words = {"first_name": "Dum", "last_name": "Bom", "terms": "on"}
    other, full = make_open_run(now=now), make_full_run(now=now)
    waits = make_user(first_name="Rätt", last_name="Namn", language="sv")
    make_waiting(now=now, run=full, person=waits)
    for path, email in (
        (f"/en/runs/{other.code}/book/", ANNA.email),
        (f"/en/runs/{full.code}/wait/", waits.email),
    ):
        client.post(path, {**words, "email": email, "token": str(uuid4())})
    waits.refresh_from_db()
    assert (waits.get_full_name(), waits.language) == ("Rätt Namn", "sv")
    assert booking.enrollments.get().person.get_full_name() == "Anna Exempelsson"


def test_who_signs_in_without_a_name_gives_it_with_the_booking(client, now):
    person = make_user(first_name="", last_name="")
    claim(person=person, now=now)
    client.force_login(person)
    run = make_open_run(now=now)
    words = {"first_name": "Elin", "last_name": "Exempel", "terms": "on", "token": str(uuid4())}
    client.post(f"/en/runs/{run.code}/book/", words)
    person.refresh_from_db()
    assert person.get_full_name() == "Elin Exempel"
    assert Enrollment.objects.get(person=person).status == Status.CONFIRMED


def test_the_typed_name_follows_a_move_and_a_substitute(now):
    course = make_course()
    one, two = (make_open_run(now=now, course=course) for _run in range(2))
    booking = make_group(now, (ANNA,), run=one)
    (moved,) = moving.move(
        enrollment=booking.enrollments.get(), to_run=two, actor=booking.booked_by, now=now
    )
    assert moved.named_as == ANNA.name
    after = changes.substitute(enrollment=moved, named=MATS, actor=booking.booked_by, now=now)
    after.refresh_from_db()
    assert after.named_as == MATS.name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "a" * 290 + "@example.org"),
        ("first_name", "Vinn 5000 kr på https://evil.example.net"),
        ("last_name", "www.evil.example.net"),
        ("company", "See https://evil.example.net"),
    ],
)
@pytest.mark.parametrize("path", ["book", "wait"])
def test_what_is_no_name_and_no_address_is_refused_beside_the_field(
    client, now, path, field, value
):
    run = make_open_run(now=now) if path == "book" else make_full_run(now=now)
    words = {"first_name": "A", "last_name": "B", "email": VICTIM, "terms": "on", "company": ""}
    before = User.objects.count()
    page = client.post(
        f"/en/runs/{run.code}/{path}/", {**words, "token": str(uuid4()), field: value}
    )
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    assert User.objects.count() == before


def test_an_answered_offer_opens_nothing_for_whoever_has_the_link(client, now):
    run = make_full_run(now=now)
    entry = make_waiting(
        now=now, run=run, company=make_company(now), company_name="X", wanted=2, takes_part=False
    )
    places.resize(run=run, capacity=3, actor=None, now=now)
    entry.refresh_from_db()
    waiting.accept(entry=entry, actor=None, now=now)
    address = f"/sv/offers/{mails.offer_token(entry)}/"
    for page in (client.get(address), client.post(address, {"answer": "accept"})):
        assert page.status_code == 200
        assert "Erbjudandet är redan besvarat" in page.content.decode()
    assert client.get(reverse("name_people", args=[entry.booking.public_id])).status_code == 302
    client.force_login(entry.person)
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("shares", [False, True])
def test_staff_handle_bookings_of_their_own_runs_alone(client, now, shares):
    """Neither where they are named as participants nor where their promoter only keeps places."""
    staff = make_user(role=Role.PROMOTER)
    booking = make_group(now, (ANNA, Named(staff.email, "P", "Q")) if not shares else (ANNA, None))
    if shares:
        other = make_promoter("granne")
        other.staff.add(staff)
        places.set_share(
            run=booking.run,
            region=booking.region,
            promoter=other,
            count=1,
            release_at=now + timedelta(days=5),
            actor=None,
            now=now,
        )
    client.force_login(staff)
    names = reverse("name_people", args=[booking.public_id])
    assert client.get(names).status_code == 404
    assert client.post(names, {}).status_code == 404
    page = client.get(reverse("booking", args=[booking.public_id]))
    assert page.status_code == (404 if shares else 200)
    assert ANNA.email not in page.content.decode()
    booking.run.host.staff.add(staff)
    assert client.get(names).status_code == 200


def test_a_size_counts_for_the_booking_alone_unless_said_by_who_acts_for_the_company(now):
    run = make_open_run(now=now)
    RunRules.objects.create(run=run, sme_only=True)
    stranger = make_group(now, run=run, size="micro")
    company = Company.objects.get()
    assert (company.size, stranger.size) == ("", "micro")
    assert stranger.enrollments.get().status == Status.CONFIRMED
    other = make_group(now, (MATS,), run=run, booker=Named("b@ventil.example.org", "B", "B"))
    assert "size" in missing(other.enrollments.get())
    booker = make_booker(company, now)
    form = {"booker": Named(booker.email, "A", "B"), "size": "small", "run": run}
    make_group(now, (None,), **form)
    company.refresh_from_db()
    assert company.size == ""
    make_group(now, (None,), asker=booker, **form)
    company.refresh_from_db()
    assert company.size == "small"
    assert not missing(other.enrollments.get())


def test_sending_without_a_hold_is_counted_like_one(client, now):
    run = make_open_run(now=now, places_count=100)
    RunRules.objects.create(run=run, sme_only=True)
    codes = [company_form(client, run, size="large").status_code for _n in range(20)]
    assert 429 in codes
    assert Enrollment.objects.filter(run=run, status=Status.HELD).count() <= 12


def test_a_team_member_who_cannot_come_is_refused_without_saying_why(client, now):
    run = make_open_run(now=now, course=make_course("TEAM", unit=Course.Unit.TEAM))
    booking = make_group(now, (ANNA, MATS), run=run)
    form = group_form(run=run, now=now, people=[Named(VICTIM, "C", "H"), None])
    group_booking.send(**{**form, "booker": Named("x@norr.example.org", "X", "Y")})
    client.force_login(booking.booked_by)
    page = client.post(
        reverse("add_to_team", args=[booking.enrollments.first().public_id]),
        {"first_name": "C", "last_name": "H", "email": VICTIM},
    )
    assert page.status_code == 409
    assert "redan" not in page.context["form"].errors["email"][0]
