"""Personal data is declared: where it stands, what for, until when, and what becomes of it."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import translation
from wagtail.models import Page

from accounts.models import User
from accounts.registries import impersonal, personal_data


def references(model) -> set[type]:
    """The models that a row of this model points at, apart from those it inherits from."""
    return {
        field.related_model
        for field in model._meta.get_fields()
        if field.concrete
        and (field.many_to_one or field.one_to_one)
        and not getattr(field.remote_field, "parent_link", False)
        and isinstance(field.related_model, type)
    }


def about_people() -> dict[type, set[type]]:
    """Models that lead to a person: directly, or to a row that is declared to be about a person.

    A page is declared once, as Page: its owner says who wrote it, and what hangs on a page is text.
    """
    declared = (set(personal_data) | {User}) - {Page}
    found = {}
    for model in apps.get_models():
        if (issubclass(model, Page) and model is not Page) or model._meta.proxy:
            continue
        led_to = references(model) & declared
        if led_to:
            found[model] = led_to
    return found


def test_every_model_that_leads_to_a_person_is_declared():
    missing = [
        f"{model._meta.label} (through {', '.join(sorted(m._meta.label for m in led_to))})"
        for model, led_to in about_people().items()
        if model not in personal_data and model not in impersonal
    ]
    assert not missing, "register_personal_data in the room's rules.py: " + "; ".join(missing)


def test_the_walk_finds_a_model_that_nobody_declared(monkeypatch):
    from messaging.models import OutgoingMail

    assert OutgoingMail in about_people()
    monkeypatch.delitem(personal_data, OutgoingMail)
    with pytest.raises(AssertionError, match=r"messaging\.OutgoingMail"):
        test_every_model_that_leads_to_a_person_is_declared()


@pytest.mark.parametrize("model", personal_data, ids=lambda model: model._meta.label)
def test_a_declaration_is_whole_and_fits_the_model(model):
    declared = personal_data[model]
    assert declared.erase in ("delete", "anonymise", "keep")
    assert declared.purpose
    assert declared.until
    for name in declared.fields:
        model._meta.get_field(name.partition("__")[0])
    if declared.path:
        last = model
        for step in declared.path.split("__"):
            try:
                last = last._meta.get_field(step).related_model
            except FieldDoesNotExist:
                pytest.fail(f"{model._meta.label}: no way along {declared.path}")
        assert last is User
    else:
        assert model is User


@pytest.mark.parametrize("model", personal_data, ids=lambda model: model._meta.label)
def test_purpose_and_end_are_told_in_both_languages(model):
    for words in (personal_data[model].purpose, personal_data[model].until):
        with translation.override("sv"):
            swedish = str(words)
        with translation.override("en"):
            assert str(words) != swedish
