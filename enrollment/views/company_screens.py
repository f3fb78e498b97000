"""The three screens of a company's booking: what each one shows, and what it keeps of the others."""

import re
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from courses.models import Course, Run

from .. import drafts, places
from ..availability import for_runs
from ..colleagues import known_to
from ..forms.check import CheckForm
from ..forms.company import CompanyForm, PeopleForm, numbers_of
from ..forms.parts import people_words
from ..models import Booking
from ..terms import terms_in_words

MINUTES = 20
ROW = re.compile(r"(name|email)_\d{1,3}")
KEPT = {*CompanyForm.base_fields, *CheckForm.base_fields, "colleagues"} - {"website"}


class Screens:
    """The forms of one request and the pages made of them. Nothing here changes anything."""

    def __init__(self, request: HttpRequest, run: Run, now: datetime):
        self.request, self.run, self.now = request, run, now
        self.data = request.POST.copy() if request.method == "POST" else None
        self.step = request.POST.get("step", "people")
        self.problems: list[str] = []
        if self.step.startswith("fewer-"):
            self.data["people"] = self.step.removeprefix("fewer-")
            self.step = "check"

    @cached_property
    def person(self):
        return self.request.user if self.request.user.is_authenticated else None

    @cached_property
    def known(self):
        return known_to(self.person, run=self.run, now=self.now) if self.person else None

    @cached_property
    def who(self) -> CompanyForm:
        return CompanyForm(self.data, run=self.run, person=self.person, known=self.known)

    @cached_property
    def people(self) -> PeopleForm:
        """Needs a valid `who`."""
        ours = self.known if self.known and self.who.company == self.known.company else None
        return PeopleForm(self.data, people=self.count, known=ours)

    @cached_property
    def check(self) -> CheckForm:
        data = self.data if self.step == "send" or "checked" in self.data else None
        form = CheckForm(data, run=self.run, company=self.who.company)
        if self.step != "send":
            form.is_valid()
            form.errors.clear()
        return form

    @property
    def count(self) -> int:
        return self.who.cleaned_data["people"]

    @property
    def region(self):
        return self.who.cleaned_data["municipality"].region

    @property
    def token(self) -> UUID:
        return self.who.cleaned_data["token"]

    @property
    def by_application(self) -> bool:
        return self.run.selection == Run.Selection.APPLICATION

    def draft(self) -> Booking | None:
        return Booking.objects.filter(token=self.token, run=self.run, booked_by=None).first()

    def held_until(self) -> datetime | None:
        """Until when all the places are held; None when they are not."""
        draft = self.draft()
        if draft is None or not drafts.keeps(
            draft, people=self.count, region=self.region, now=self.now
        ):
            return None
        return draft.enrollments.held().earliest("hold_until").hold_until

    def show_who(self, *, open_company: bool = False, status: int = 200) -> HttpResponse:
        form = self.who
        context = {
            "form": form,
            "short": form.is_short and not open_company,
            "most": numbers_of(self.run)[-1],
            "failed": self.problems or form.errors,
        }
        return self.show("who", context, status=status)

    def show_people(self, *, status: int = 200) -> HttpResponse:
        context = {
            "form": self.people,
            "names_due": places.names_due(self.run, now=self.now),
            "failed": self.problems or self.people.errors,
        }
        return self.show("people", context, status=status)

    def show_check(self, *, free: int | None = None, status: int = 200) -> HttpResponse:
        until = self.held_until() if free is None else None
        count = places.places_for(self.run, self.count)
        left = -(-(until - self.now).total_seconds() // 60) if until else 0
        seats = self.people.seats
        context = {
            "form": self.check,
            "until": until,
            "minutes": int(left),
            "seconds": int((until - self.now).total_seconds()) if until else 0,
            "bars": [n < left for n in range(MINUTES)],
            "mine": count if until else 0,
            "gone": free,
            "fewer": free if free and free in numbers_of(self.run) else 0,
            "free_words": people_words(free or 0),
            "named": [one for one in seats if one],
            "unnamed": seats.count(None),
            "names_due": places.names_due(self.run, now=self.now),
            "by_application": self.by_application,
            "terms": terms_in_words(self.run, language=get_language()),
            "failed": self.problems or self.check.errors,
            **prices(self.run, count),
        }
        return self.show("check", context, status=status)

    def show(self, screen: str, context: dict, *, status: int) -> HttpResponse:
        seats = for_runs([self.run], now=self.now)[self.run.pk]
        mine = context.get("mine", 0)
        words = {}
        if screen != "who":
            count = places.places_for(self.run, self.count)
            words = {
                "count": self.count,
                "count_words": people_words(self.count),
                "places_count": count,
                "places_words": people_words(count),
            }
        common = {
            "run": self.run,
            "now": self.now,
            "seats": seats,
            "others": seats.taken - mine,
            "who": self.who,
            "people": self.people if screen == "check" else None,
            "problems": self.problems,
            "checked": bool(self.data and "checked" in self.data) or screen == "check",
            "is_team": self.run.course.unit == Course.Unit.TEAM,
            "kept": self.kept(screen),
            **words,
            **context,
        }
        return render(self.request, f"enrollment/company_book_{screen}.html", common, status=status)

    def kept(self, screen: str) -> list[tuple[str, str]]:
        """(name, value) of what was typed on the other screens."""
        if self.data is None:
            return []
        here = {
            "who": set(self.who.fields),
            "people": set(self.people.fields) if screen == "people" else set(),
            "check": set(self.check.fields) if screen == "check" else set(),
        }[screen]
        mine = {"csrfmiddlewaretoken", "step", "website", "checked", *here}
        return [
            (name, value)
            for name, values in self.data.lists()
            if name not in mine and (name in KEPT or ROW.fullmatch(name))
            for value in values
        ]


def prices(run: Run, count: int) -> dict[str, int]:
    """What `count` places cost, in öre: to pay without VAT, the VAT (rounded half up to whole öre), in all;
    for a free run the list price that the project pays instead."""
    net, listed = run.price_ore * count, 0 if run.price_ore else run.course.price_ore * count
    vat = (net * run.vat_percent * 2 + 100) // 200
    listed_vat = (listed * run.vat_percent * 2 + 100) // 200
    return {
        "net_ore": net,
        "vat_ore": vat,
        "total_ore": net + vat,
        "aid_ore": listed,
        "without_aid_ore": listed + listed_vat,
    }
