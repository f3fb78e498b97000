"""A company books several people in three screens: who and how many, the people, check and send.

What was typed travels in the form from screen to screen; nothing is stored before the check screen, where a
draft without names begins to hold the places.
"""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.policy import guard
from accounts.ratelimit import allow_caller
from courses.models import Run
from courses.state import Kind, state_of

from .. import discretion, drafts, eligibility, group_booking
from ..access import KEY, remember
from ..availability import for_runs
from ..booking import AlreadyEnrolled, BookingError, NotOpen, TermsNotAccepted, TokenUsed
from ..eligibility import Candidate, NotEligible
from ..models import Booking
from ..named import enrolled
from ..places import Busy, RunFull
from . import book as sign_up
from .company_screens import Screens

HOLDS = 6
WINDOW = 600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@guard("public")
def company(request: HttpRequest, code: str) -> HttpResponse:
    run, now = sign_up.run_or_404(request, code), timezone.now()
    seats = for_runs([run], now=now)[run.pk]
    state = state_of(run, seats=seats, now=now)
    if state.kind not in (Kind.OPEN, Kind.FEW, Kind.FULL):
        return closed(request, run, state)
    journey = Journey(request, run, now)
    if request.method != "POST":
        if state.kind == Kind.FULL:
            return redirect(reverse("wait", args=[run.code], query={"group": "1"}))
        return journey.show_who()
    return sign_up.too_many(request) or journey.go()


def closed(request: HttpRequest, run: Run, state) -> HttpResponse:
    status = 409 if request.method == "POST" else 200
    return render(request, "enrollment/closed.html", {"run": run, "state": state}, status=status)


class Journey(Screens):
    """One request on the way through the three screens. `step` is the button that was pressed:

    people, check, send   onward from the first, second and third screen
    who, names            back to the first or second one, with everything kept
    other                 another company than the known one
    more                  hold the places for twenty minutes more
    fewer-2               two places instead, where there are no more
    """

    def go(self) -> HttpResponse:
        if self.who.is_from_a_program:
            return render(self.request, "enrollment/look_in_mail.html", {"run": self.run})
        if not self.who.is_valid():
            if "token" in self.who.errors:
                self.renew_token()
            if self.step in ("who", "other"):
                self.who.errors.clear()
            return self.show_who(open_company=self.step == "other")
        # A name that a register knew is asked of it once.
        self.data["company_name"] = self.who.cleaned_data["company_name"]
        if sent := self.sent():
            return redirect(sign_up.next_address(sent))
        if self.step in ("who", "other"):
            return self.show_who(open_company=self.step == "other")
        if reasons := self.reasons(named=False):
            self.problems = reasons
            return self.show_who(status=409)
        if self.step == "names" or (self.step == "people" and "checked" not in self.data):
            self.people.is_valid()
            self.people.errors.clear()
            return self.show_people()
        if not self.people.is_valid() or self.refuses_somebody():
            return self.show_people()
        if self.step == "send":
            return self.send() if self.check.is_valid() else self.show_check()
        if self.step == "more":
            return self.keep()
        return self.hold()

    def sent(self) -> Booking | None:
        """The booking that this very form has made already, for whoever may open it."""
        booking = Booking.objects.filter(token=self.token).exclude(booked_by=None).first()
        if booking is None:
            return None
        mine = self.person and booking.booked_by_id == self.person.pk
        if mine or str(booking.public_id) in self.request.session.get(KEY, []):
            return booking
        return None

    def reasons(self, *, named: bool = True) -> list[str]:
        addresses = self.known_people() if named else []
        candidate = Candidate(
            run=self.run,
            people=self.count,
            region=self.region,
            company=self.who.company,
            addresses=tuple(addresses),
            for_company=True,
        )
        return list(eligibility.reasons_against(candidate, now=self.now).values())

    def known_people(self) -> frozenset[str]:
        """Of those named, those about whom the visitor may be told whether they can come."""
        named = [one.email for one in self.people.seats if one]
        return discretion.may_know(self.person, named, run=self.run, now=self.now)

    def refuses_somebody(self) -> bool:
        """Whether one of the named whom the visitor knows cannot come; it is said beside the name. Of others the page
        says nothing: see `discretion`."""
        there = enrolled(self.run, self.people.seats) & self.known_people()
        words = _("This person already has a place on the course run")
        self.people.refuse(dict.fromkeys(there, words))
        if not self.people.errors:
            self.problems = self.reasons()
        return bool(self.people.errors or self.problems)

    def renew_token(self) -> None:
        self.who.data = self.data = self.data.copy()
        self.data["token"] = str(uuid4())

    def hold(self) -> HttpResponse:
        """Begin to hold the places and show the check screen."""
        if self.by_application:
            return self.show_check()
        if self.held_too_often():
            return sign_up.told_too_many(self.request)
        try:
            drafts.hold(
                run=self.run,
                token=self.token,
                people=self.count,
                region=self.region,
                company=self.who.company,
                language=get_language(),
                now=self.now,
            )
        except (RunFull, Busy, NotOpen, NotEligible, TokenUsed) as error:
            return self.refused(error)
        return self.show_check()

    def held_too_often(self) -> bool:
        """Whether the caller has begun to hold places too often; going on with a hold counts for nothing."""
        draft = self.draft()
        if draft and drafts.keeps(draft, people=self.count, region=self.region, now=self.now):
            return False
        return not allow_caller(self.request, "hold", limit=HOLDS, seconds=WINDOW)

    def keep(self) -> HttpResponse:
        draft = self.draft()
        try:
            if draft is None:
                raise drafts.HoldEnded
            drafts.keep(booking=draft, now=self.now)
        except drafts.HoldEnded:
            return self.show_check(status=409)
        return self.show_check()

    def send(self) -> HttpResponse:
        given = self.check.cleaned_data
        # Where the hold has ended meanwhile, sending takes places anew.
        if not self.by_application and self.held_too_often():
            return sign_up.told_too_many(self.request)
        booker = self.who.booker
        sign_up.keep_own_name(self.person, booker.first_name, booker.last_name)
        try:
            booking = group_booking.send(
                run=self.run,
                token=self.token,
                booker=booker,
                number=self.who.cleaned_data["number"],
                company_name=self.who.cleaned_data["company_name"],
                municipality=self.who.cleaned_data["municipality"],
                people=self.people.seats,
                language=get_language(),
                terms_accepted=True,
                reference=given["reference"],
                motivation=given.get("motivation", ""),
                size=given.get("size", ""),
                asker=self.person,
                now=self.now,
            )
        except AlreadyEnrolled as error:
            words = _("This person already has a place on the course run")
            self.people.refuse({error.enrollment.person.email: words})
            return self.show_people(status=409)
        except (RunFull, Busy, NotEligible, BookingError) as error:
            return self.refused(error)
        remember(self.request, booking)
        return redirect(sign_up.next_address(booking))

    def refused(self, error) -> HttpResponse:
        """The screen on which the reader can do something about it, with everything kept."""
        if isinstance(error, RunFull):
            return self.show_check(free=error.free, status=409)
        if isinstance(error, Busy):
            self.problems = [error.message]
            response = self.show_check(status=503)
            response["Retry-After"] = "5"
            return response
        if isinstance(error, NotEligible):
            self.problems = error.reasons
            return (
                self.show_check(status=409) if self.step == "send" else self.show_people(status=409)
            )
        if isinstance(error, NotOpen):
            seats = for_runs([self.run], now=self.now)[self.run.pk]
            return closed(self.request, self.run, state_of(self.run, seats=seats, now=self.now))
        if isinstance(error, TokenUsed):
            self.renew_token()
        if not isinstance(error, drafts.HoldEnded | TermsNotAccepted):
            self.problems = [error.message]
        return self.show_check(status=409)
