"""Pages that forms lean on are found by their role, whatever their address."""

import pytest
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from wagtail_localize.models import Translation, TranslationSource

from home.models import StandardPage
from tests.home.factories import in_english

pytestmark = pytest.mark.django_db


def link(role: str, *, language: str = "sv") -> str:
    source = "{% load site_tags %}{% footer_page role as page %}{{ page.title }} {{ page.url }}"
    with translation.override(language):
        request = RequestFactory().get(f"/{language}/")
        return engines["django"].from_string(source).render({"role": role}, request).strip()


@pytest.fixture
def terms(pages):
    page, english = pages["StandardPage"], in_english(pages["StandardPage"])
    for each, title in ((page, "Villkor"), (english, "Terms")):
        each.role, each.title = StandardPage.Role.TERMS, title
        each.save_revision().publish()
    return page


def test_page_with_a_role_is_found_in_the_readers_language(terms):
    assert link("terms") == f"Villkor {terms.url}"
    assert link("terms", language="en") == f"Terms {in_english(terms).url}"
    assert terms.title not in link("privacy")


def test_page_with_a_role_is_found_after_it_was_renamed_and_moved(terms, pages):
    terms.slug = "bokningsregler"
    terms.save()
    parent = StandardPage(title="Om", slug="om", intro="Om oss.")
    pages["StartPage"].add_child(instance=parent)
    terms.move(parent, pos="last-child")
    assert link("terms") == "Villkor /sv/om/bokningsregler/"


def test_page_with_a_role_is_not_linked_before_it_is_published(terms):
    terms.unpublish()
    assert "Villkor" not in link("terms")


def test_both_links_of_a_form_cost_one_query(terms, django_assert_num_queries):
    source = '{% load site_tags %}{% footer_page "terms" as a %}{% footer_page "privacy" as b %}{{ a.url }}'
    request = RequestFactory().get("/sv/")
    template = engines["django"].from_string(source)
    with translation.override("sv"), django_assert_num_queries(1):
        html = template.render({}, request)
    assert html == terms.url


def test_two_pages_of_a_language_may_not_have_one_role(terms, pages):
    other = StandardPage(title="Andra villkor", slug="andra", intro="Nya.", role="terms")
    other.locale = terms.locale
    with pytest.raises(ValidationError, match="role"):
        other.clean()
    other.role = ""
    other.clean()


def test_translation_has_the_role_of_its_source(pages):
    page = pages["StandardPage"]
    english = in_english(page)
    english_locale = english.locale
    page.role = StandardPage.Role.PRIVACY
    page.save_revision().publish()
    source, _made = TranslationSource.update_or_create_from_instance(page)
    Translation.objects.get_or_create(source=source, target_locale=english_locale)
    translated, _made = source.create_or_update_translation(english_locale, fallback=True)
    assert translated.role == "privacy"
