"""The staff's pages under attack: whose they are not, what cannot be read, what is sent twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from config.baseline import ensure_baseline
from enrollment.models import (
    Booking,
    CancellationPolicy,
    Company,
    CompanyMembership,
    Enrollment,
    RunRules,
)
from tests.accounts.factories import make_user
from tests.enrollment.company_factories import ANNA, make_group
from tests.enrollment.factories import make_booking, make_full_run, make_open_run, make_waiting
from tests.home.factories import make_promoter

pytestmark = pytest.mark.django_db

RUN = ("run", "export", "add_participant", "add_group", "resize", "rules", "share", "cancel_run")
RUN += ("import", "import_sample", "applications")
SEAT = ("inspect", "cancel", "confirm", "change", "fee", "name")
COMPANY = ("inspect", "describe", "signatory", "merge")
GARBAGE = ("", "\x00", "💣" * 400, "9" * 40, "-1", "1e9", "' OR 1=1 --", "<script>", "2026-99-99")


class Place:
    """A run with a group of a company, somebody who waits, and every address of the staff about them."""

    def __init__(self, now) -> None:
        ensure_baseline()
        self.run = make_open_run(now=now)
        self.booking = make_group(now, [ANNA, None], run=self.run)
        self.full = make_full_run(now=now, host=self.run.host)
        self.entry = make_waiting(now=now, run=self.full)
        selective = make_open_run(now=now, host=self.run.host, selection="application")
        self.application = make_booking(now=now, run=selective).application
        member = CompanyMembership.objects.get(role="booker")
        seat = self.booking.enrollments.first()
        self.addresses = [
            *(reverse(f"enrolments:{name}", args=[self.run.code]) for name in RUN),
            reverse("enrolments:applications", args=[selective.code]),
            *(reverse(f"enrolments:{name}", args=[seat.pk]) for name in SEAT),
            *(reverse(f"companies:{name}", args=[member.company_id]) for name in COMPANY),
            reverse("companies:decide", args=[member.pk]),
            reverse("bookings:inspect", args=[self.booking.pk]),
            reverse("waiting_list:inspect", args=[self.entry.pk]),
            reverse("applications:inspect", args=[self.application.pk]),
        ]


def state() -> list:
    """All that the addresses above could change."""
    models = (Enrollment, Booking, Company, CompanyMembership, RunRules, CancellationPolicy)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("role", [None, "leader", "communicator", "promoter"])
def test_nothing_is_told_or_done_for_whom_it_is_not(client, now, role):
    place = Place(now)
    if role:
        user = make_user(role=role)
        make_promoter("annan", region_code="17").staff.add(user)
        client.force_login(user)
    before = state()
    for address in place.addresses:
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code in (302, 403, 404, 405), address
            assert "location" not in response.headers or response.url.startswith(
                ("/admin/", "/sv/accounts/login/", "/en/accounts/login/")
            )
            assert str(ANNA.first_name) not in response.text
    assert state() == before


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_is_answered_and_changes_nothing(client, now, garbage):
    place = Place(now)
    client.force_login(make_user(role="coordinator"))
    before = state()
    seat = place.booking.enrollments.first()
    # These read nothing of what is sent.
    blind = [reverse(f"enrolments:{name}", args=[seat.pk]) for name in ("cancel", "confirm", "fee")]
    more = [reverse("enrolments:merge"), reverse("cancellation_terms:new")]
    addresses = [one for one in [*place.addresses, *more] if one not in blind]
    pages = "".join(client.get(address).text for address in addresses)
    names = {
        "gone",
        "act",
        "do",
        "q",
        "page",
        "sort",
        "company",
        *re.findall(r'name="(\S+)"', pages),
    }
    assert len(names) > 40
    # Any word ticks a box, and any two are names of terms: whoever is "sure" of any reason cancels the run.
    names -= {"csrfmiddlewaretoken", "sure", "steps-TOTAL_FORMS"}
    body = dict.fromkeys(names, garbage)
    for address in addresses:
        for method in (client.get, client.post):
            assert method(address, body).status_code < 500, address
    assert state() == before


def test_a_file_in_the_wrong_field_and_a_word_for_a_file_are_answered(client, now):
    place = Place(now)
    client.force_login(make_user(role="coordinator"))
    before = state()
    for address in place.addresses:
        file = SimpleUploadedFile("x.csv", b"\xff\x00;;;")
        if not address.endswith(("cancel/", "confirm/", "fee/")):
            assert client.post(address, {"file": file, "email": "x"}).status_code < 500
    imported = reverse("enrolments:import", args=[place.run.code])
    answer = client.post(imported, {"file": "inte en fil"})
    assert answer.status_code == 200 and "Fel:" in answer.text
    assert state()[0] == before[0]


def test_what_is_sent_twice_is_done_once(client, now):
    place = Place(now)
    client.force_login(make_user(role="coordinator"))
    seat = place.booking.enrollments.exclude(person=None).get()
    member = CompanyMembership.objects.get(role="booker")
    signatory = {"first_name": "Vera", "last_name": "Alm", "email": "v@ventil.example.org"}
    twice = (
        (reverse("enrolments:cancel", args=[seat.pk]), {}),
        (reverse("companies:decide", args=[member.pk]), {"act": "verify"}),
        (reverse("companies:signatory", args=[member.company_id]), signatory),
        (reverse("enrolments:cancel_run", args=[place.full.code]), {"reason": "Få", "sure": "on"}),
        (reverse("enrolments:resize", args=[place.run.code]), {"capacity": "12"}),
    )
    for address, body in twice:
        assert client.post(address, body).status_code == 302, address
        after = state()
        assert client.post(address, body).status_code < 500
        assert state() == after, address
