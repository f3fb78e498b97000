import re
from datetime import timedelta

import pytest
from django.core import signing
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from wagtail.models import ModelLogEntry

from accounts.registries import personal_data
from enrollment import booking, confirming, moving, needs
from enrollment.models import Enrollment, Needs
from enrollment.status import Reason, Status
from messaging.models import OutgoingMail
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import ANNA, MATS, make_group
from tests.enrollment.factories import make_enrollment, make_open_run

pytestmark = pytest.mark.django_db

RIGHT = {
    "first_name": "Anna",
    "last_name": "Exempelsson",
    "phone": "",
    "language": "sv",
    "right": "",
}


@pytest.fixture
def seat(now):
    return make_group(now, [ANNA]).enrollments.get()


def page_of(enrollment) -> str:
    return f"/sv/my/own-data/{confirming.token_of(enrollment)}/"


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_opens_without_signing_in_and_tells_what_is_stored(client, seat):
    page = client.get(page_of(seat))
    said = words(page)
    assert page.status_code == 200
    assert "Örjan Exempelkvist på Exempel Ventil" in said
    assert seat.person.email in said
    assert str(personal_data[Enrollment].until) in said
    assert 'content="noindex"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "sessionid" not in client.cookies


def test_this_is_right_confirms_once_in_the_audit(client, seat):
    for _ in range(2):
        assert "uppgifter är bekräftade" in words(client.post(page_of(seat), RIGHT))
    seat.refresh_from_db()
    assert seat.data_confirmed_at is not None
    assert ModelLogEntry.objects.filter(action="enrollment.confirm_data").count() == 1
    assert not Needs.objects.exists()


def test_own_data_are_corrected_and_needs_given_with_consent(client, seat):
    given = {**RIGHT, "last_name": "Exempelås", "phone": "010-123", "language": "en"}
    given |= {"diet": ["vegan"], "access": ["step_free"], "consent": "on"}
    client.post(page_of(seat), given)
    seat.person.refresh_from_db()
    kept = Needs.objects.get()
    assert (seat.person.last_name, seat.person.phone) == ("Exempelås", "010-123")
    assert (seat.person.language, kept.diet, kept.access) == ("en", ["vegan"], ["step_free"])
    text = str(list(ModelLogEntry.objects.values_list("data", "label")))
    assert "vegan" not in text
    assert "Exempelås" not in text


def test_without_the_tick_nothing_at_all_is_stored(client, seat):
    page = client.post(page_of(seat), {**RIGHT, "last_name": "Nytt", "diet": ["vegan"]})
    seat.refresh_from_db()
    seat.person.refresh_from_db()
    assert "<title>Fel:" in page.content.decode()
    assert "checked" in page.content.decode()
    assert (seat.person.last_name, seat.data_confirmed_at) == ("Exempelsson", None)
    assert not Needs.objects.exists()


def test_nothing_is_ticked_beforehand(client, seat):
    assert "checked" not in client.get(page_of(seat)).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"first_name": ""}, {"phone": "<b>"}, {"language": "xx"}, {"diet": ["coeliac"]}],
)
def test_what_cannot_be_stored_is_told_and_kept(client, seat, wrong):
    page = client.post(page_of(seat), {**RIGHT, **wrong})
    seat.refresh_from_db()
    assert page.status_code == 200
    assert "<title>Fel:" in page.content.decode()
    assert seat.data_confirmed_at is None


def test_the_consent_is_taken_back_by_one_button(client, seat, now):
    needs.give(enrollment=seat, diet=["vegan"], access=[], consent=True, now=now)
    assert "checked" in client.get(page_of(seat)).content.decode()
    client.post(page_of(seat), {"withdraw": "1"})
    assert not Needs.objects.exists()


def test_the_link_dies_with_the_place(client, seat, now):
    address = page_of(seat)
    booking.cancel(enrollment=seat, reason=Reason.BY_STAFF, actor=None, now=now)
    assert client.get(address).status_code == 404
    assert client.post(address, RIGHT).status_code == 404
    assert "Anna" not in words(client.get(address))


def test_the_link_dies_with_the_last_meeting(seat):
    """At the very moment from which on nobody cancels: it must not offer what is refused."""
    token = confirming.token_of(seat)
    last = seat.run.sessions.order_by("ends_at").last().ends_at
    assert confirming.by_token(token, now=last - timedelta(seconds=1)) == seat
    with pytest.raises(confirming.LinkEnded):
        confirming.by_token(token, now=last)


def test_a_link_is_one_persons_of_one_enrolment(client, seat, now):
    other = make_enrollment(now=now)
    wrong = [
        "nonsense",
        confirming.token_of(seat)[:-1],
        signing.dumps([str(seat.public_id), str(other.person.public_id)], salt=confirming.SALT),
        signing.dumps([str(seat.public_id), str(seat.person.public_id)], salt="enrollment.offer"),
        signing.dumps("x", salt=confirming.SALT),
        signing.dumps([1, 2], salt=confirming.SALT),
        signing.dumps(5, salt=confirming.SALT),
    ]
    for token in wrong:
        assert client.get(f"/sv/my/own-data/{token}/").status_code == 404
        assert client.post(f"/sv/my/own-data/{token}/decline/").status_code == 404
    seat.refresh_from_db()
    assert seat.status == Status.CONFIRMED


def test_the_notice_is_for_those_whom_a_colleague_named(seat, now):
    assert confirming.notice(seat, language="sv").by == seat.booking.booked_by.get_full_name()
    assert confirming.notice(make_enrollment(now=now), language="sv") is None


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_the_notice_in_a_mail_has_the_link_and_the_rights(seat, kind):
    text = render_to_string(
        f"enrollment/notice.{kind}", {"enrollment": seat, "language": seat.person.language}
    )
    assert confirming.own_data_url(seat, seat.person.language) in text
    assert "IMY" in text
    assert seat.run.host.email in text


def test_a_name_with_markup_stays_words(client, now):
    evil = type(ANNA)(
        "evil@ventil.example.org", '<a href="https://evil.example.org">', "X\r\nBcc: a@b.se"
    )
    booker = type(ANNA)("b@ventil.example.org", "<script>alert(1)</script>", "Y")
    seat = make_group(now, [evil], booker=booker).enrollments.get()
    page = client.get(page_of(seat)).content.decode()
    assert "<script>alert" not in page
    assert '<a href="https://evil' not in page
    client.post(page_of(seat) + "decline/")
    mail = OutgoingMail.objects.get(kind="booking_changed")
    assert "\n" not in mail.subject
    assert '<a href="https://evil' not in mail.html


def test_an_unpaid_place_is_confirmed_as_right_too(client, now):
    run = make_open_run(now=now, price_ore=100_000)
    seat = make_group(now, [MATS], run=run).enrollments.get()
    given = {**RIGHT, "first_name": "Mats", "last_name": "Exempelman"}
    client.force_login(make_user())
    client.post(page_of(seat), given)
    seat.refresh_from_db()
    assert seat.status == Status.HELD
    assert seat.data_confirmed_at is not None


def test_what_was_confirmed_and_the_link_move_along(client, now):
    seat = make_group(now, [ANNA]).enrollments.get()
    given = {**RIGHT, "diet": ["vegan"], "consent": "on"}
    client.post(page_of(seat), given)
    seat.refresh_from_db()
    other = make_open_run(now=now, course=seat.run.course, starts_in_days=60)
    (moved,) = moving.move(enrollment=seat, to_run=other, actor=seat.person, now=now)
    moved.refresh_from_db()
    assert moved.data_confirmed_at == seat.data_confirmed_at
    kept = Needs.objects.get()
    assert (kept.enrollment, kept.diet) == (moved, ["vegan"])
    last = other.sessions.order_by("ends_at").last().ends_at
    assert kept.delete_after == localdate(last) + timedelta(days=7)
    assert client.get(page_of(seat)).context["enrollment"] == moved
    booking.cancel(enrollment=moved, reason=Reason.BY_STAFF, actor=None, now=now)
    assert client.get(page_of(seat)).status_code == 404


def test_a_signed_in_person_finds_the_page_from_my_courses(client, seat):
    client.force_login(seat.person)
    found = re.search(r'href="(/sv/my/own-data/[^"]+)"', client.get("/sv/my/").content.decode())
    assert client.get(found[1]).context["enrollment"] == seat
    client.force_login(seat.booking.booked_by)
    assert "/my/own-data/" not in client.get("/sv/my/").content.decode()
    assert "/my/own-data/" not in client.get("/sv/company/").content.decode()
