"""The forms of a company's booking. They ask; the rules stand in `enrollment.group_booking`."""

import uuid

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.models import User
from courses.models import Course, Run
from home.models import Municipality

from .. import companies, lookup
from ..colleagues import Known
from ..group_booking import Named
from ..models import Company
from ..models.rules import rules_of
from .parts import Plain, both_or_none, email_field, name_field, only_a_name, split_name

EMAIL_WORDS = _("Write your e-mail address, for example name@company.se")
RADIOS = 8


def numbers_of(run: Run) -> range:
    """How many people may come with one booking of the run."""
    rules = rules_of(run)
    if run.course.unit == Course.Unit.TEAM:
        return range(rules.team_min, rules.team_max + 1)
    return range(1, max(rules.most_per_booking, 1) + 1)


class CompanyForm(Plain):
    """Screen 1: how many, which company, who books. A signed-in person is not asked who they are; of a known
    company only the number of people is asked."""

    people = forms.TypedChoiceField(
        label=_("How many places do you need?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose how many are coming"),
            "invalid_choice": _("Choose how many are coming"),
        },
    )
    number = forms.CharField(
        label=_("Company registration number"),
        help_text=_("Ten digits, for example 492900-4119."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w10"}),
        error_messages={"required": companies.NumberError.message},
    )
    company_name = forms.CharField(
        label=_("The company’s name"),
        help_text=_("You can leave it out if the company has booked here before."),
        required=False,
        max_length=160,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "organization", "class": "w20"}),
    )
    municipality = forms.ModelChoiceField(
        label=pgettext_lazy("company", "Municipality where you work"),
        help_text=pgettext_lazy(
            "company", "Decides which places you can have: some are kept for one county."
        ),
        queryset=Municipality.objects.select_related("region"),
        empty_label=_("Choose a municipality"),
        widget=forms.Select(attrs={"class": "w20"}),
        error_messages={
            "required": pgettext_lazy("company", "Choose the municipality where you work"),
            "invalid_choice": pgettext_lazy("company", "Choose the municipality where you work"),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        validators=[only_a_name],
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "w20"}),
        error_messages={"required": _("Write your name")},
    )
    email = forms.EmailField(
        label=_("Your e-mail at work"),
        help_text=_("The confirmation comes here. You need no account."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "w20"}),
        error_messages={"required": EMAIL_WORDS, "invalid": EMAIL_WORDS},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    # People do not see it; programs that fill in everything do.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1"}))

    def __init__(self, *args, run: Run, person: User | None, known: Known | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.person, self.known = person, known
        self.fields["people"].choices = [
            (n, ngettext("%(n)s person", "%(n)s people", n) % {"n": n}) for n in numbers_of(run)
        ]
        if len(numbers_of(run)) > RADIOS:
            self.fields["people"].widget = forms.Select(
                choices=[("", _("Choose a number")), *self.fields["people"].choices]
            )
        if person is not None:
            del self.fields["email"]
            if person.get_full_name():
                del self.fields["name"]
        self.shorten()
        if not self.is_bound:
            self.initial.setdefault("token", uuid.uuid4())
            if known:
                self.initial |= {
                    "number": known.company.registration_number,
                    "municipality": known.municipality,
                }

    def clean_number(self) -> str:
        try:
            return companies.normalise(self.cleaned_data["number"]).digits
        except companies.NumberError as error:
            raise forms.ValidationError(error.message) from None

    def clean(self) -> dict:
        given = super().clean()
        number = given.get("number")
        if number and not self.company_words and "company_name" not in self.errors:
            if found := lookup.look_up(country="SE", number=number):
                given["company_name"] = found.name
            else:
                self.add_error("company_name", _("Write the company’s name"))
        return given

    @cached_property
    def company(self) -> Company | None:
        """The company with the number, once the form is valid."""
        number = self.cleaned_data.get("number")
        if self.known and number == self.known.company.registration_number:
            return self.known.company
        return companies.find(number=number) if number else None

    @property
    def company_words(self) -> str:
        """The company's name as this visitor may read it. A sole trader's number is a person's: whoever types
        it is not told whose it is (R-CO-02)."""
        own = self.known and self.company == self.known.company
        if self.company and (own or not self.company.is_personal_identity):
            return self.company.name
        return " ".join(self.cleaned_data.get("company_name", "").split())

    @property
    def is_short(self) -> bool:
        """Whether the company stands there as text, because this person has booked for it before."""
        if not self.known or self.known.municipality is None:
            return False
        if not self.is_bound:
            return True
        named = not ({"number", "municipality", "company_name"} & self.errors.keys())
        return named and self.company == self.known.company

    @property
    def shown_municipality(self) -> Municipality | None:
        """Where the company stands as text: what was chosen, else where it worked the last time."""
        chosen = getattr(self, "cleaned_data", {}).get("municipality")
        return chosen or self.known.municipality

    @property
    def booker(self) -> Named:
        if self.person:
            names = (self.person.first_name, self.person.last_name)
            if "name" in self.fields:
                names = split_name(self.cleaned_data["name"])
            return Named(self.person.email, *names)
        return Named(self.cleaned_data["email"], *split_name(self.cleaned_data["name"]))

    @property
    def is_from_a_program(self) -> bool:
        return bool(self.data.get("website"))


class PeopleForm(Plain):
    """Screen 2: one row per seat, every one optional; of a known company a list of colleagues to tick."""

    def __init__(self, *args, people: int, known: Known | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.people, self.known = people, known
        self.offered = known.colleagues if known else {}
        if self.offered:
            self.fields["colleagues"] = forms.MultipleChoiceField(
                label=_("Tick those who are coming"),
                required=False,
                choices=[(str(pk), one.name) for pk, one in self.offered.items()],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choose among the people in the list")},
            )
        for row in range(1, people + 1):
            self.fields[f"name_{row}"] = name_field()
            self.fields[f"email_{row}"] = email_field()
        self.shorten()

    def clean(self) -> dict:
        given = super().clean()
        for row in range(1, self.people + 1):
            both_or_none(self, row)
        seen: set[str] = set()
        for field, named in self._named():
            address = User.objects.normalise(named.email)
            if address in seen:
                self.add_error(field, _("Two people have the same e-mail address."))
            seen.add(address)
        if len(self._named()) > self.people:
            first = "colleagues" if self.offered else "name_1"
            words = ngettext(
                "You have %(n)s place but have named more people",
                "You have %(n)s places but have named more people",
                self.people,
            )
            self.add_error(first, words % {"n": self.people})
        return given

    def _named(self) -> list[tuple[str, Named]]:
        """(the field where it is said, who) of everybody named."""
        given = self.cleaned_data
        found = []
        for pk in given.get("colleagues") or []:
            one = self.offered[int(pk)]
            found.append(("colleagues", Named(one.email, *split_name(one.name))))
        for row in range(1, self.people + 1):
            name, email = given.get(f"name_{row}"), given.get(f"email_{row}")
            if name and email:
                found.append((f"email_{row}", Named(email, *split_name(name))))
        return found

    @property
    def seats(self) -> list[Named | None]:
        """One entry per seat: those named first, then None for every name that follows."""
        named = [one for _field, one in self._named()]
        return [*named, *[None] * (self.people - len(named))]

    def refuse(self, addresses: dict[str, str]) -> None:
        """Put `{address: message}` beside the fields where the addresses stand."""
        for field, named in self._named():
            if message := addresses.get(User.objects.normalise(named.email)):
                words = message if field != "colleagues" else f"{named.first_name}: {message}"
                self.add_error(field, words)

    def rows(self) -> list[tuple]:
        return [
            (row, self[f"name_{row}"], self[f"email_{row}"]) for row in range(1, self.people + 1)
        ]

    @property
    def has_rows(self) -> bool:
        """Whether something stands in the rows below the colleagues."""
        return any(a.value() or b.value() or a.errors or b.errors for _n, a, b in self.rows())
