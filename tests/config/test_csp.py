"""The content security policy: what the header says, and that no template needs what it refuses."""

import re
from pathlib import Path

import pytest
import wagtail
import wagtail_localize
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.urls import reverse

from config.templatetags.csp_tags import without_inline_scripts
from tests.accounts.factories import make_user

ROOT = Path(settings.BASE_DIR)
OVERRIDDEN = {
    "wagtailadmin/widgets/date_input.html",
    "wagtailadmin/widgets/time_input.html",
    "wagtailadmin/widgets/datetime_input.html",
    "wagtailadmin/panels/inline_panel.html",
    "wagtailadmin/panels/multiple_chooser_panel.html",
    "wagtail_localize/admin/edit_translation.html",
    "wagtail_localize/admin/submit_translation.html",
}
# Their inline scripts stand in a package that is not installed here.
NOT_INSTALLED = ("wagtail/contrib/search_promotions/",)
INLINE_SCRIPT = re.compile(
    r"<script\b(?![^>]*(?:\bsrc=|application/(?:ld\+)?json|nonce=))[^>]*>", re.S | re.I
)
HANDLER = re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I)


def directives(response) -> dict[str, list[str]]:
    parts = [
        part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()
    ]
    return {name: values for name, *values in parts}


def test_public_page_is_under_the_strict_policy(client, db):
    policy = directives(client.get(reverse("account_login")))
    assert policy["default-src"] == ["'self'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & set(policy["script-src"])
    assert "https://checkout.stripe.com" in policy["form-action"]


def test_cms_differs_in_styles_and_framing_only(client, db):
    public = directives(client.get(reverse("account_login")))
    client.force_login(make_user(role="admin"))
    response = client.get(reverse("wagtailadmin_home"))
    assert response.status_code == 200
    policy = directives(response)
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["frame-ancestors"] == ["'self'"]
    same = set(public) - {"style-src", "frame-ancestors", "script-src"}
    assert {name: policy[name] for name in same} == {name: public[name] for name in same}
    assert "'unsafe-inline'" not in policy["script-src"]


def test_page_not_found_is_under_the_policy(client, db):
    response = client.get("/sv/finns-inte/")
    assert response.status_code == 404
    assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def third_party_templates():
    for package in (wagtail, wagtail_localize):
        top = Path(package.__file__).parent
        for path in top.rglob("templates/**/*.html"):
            name = str(path.relative_to(top.parent))
            if (
                "/tests/" not in name
                and "/test/" not in name
                and not name.startswith(NOT_INSTALLED)
            ):
                yield path


def test_overridden_templates_are_all_that_have_inline_scripts():
    found = {
        str(path).rpartition("/templates/")[2]
        for path in third_party_templates()
        if INLINE_SCRIPT.search(path.read_text())
    }
    assert found == OVERRIDDEN


@pytest.mark.parametrize("name", sorted(OVERRIDDEN))
def test_overridden_template_is_ours(name):
    assert get_template(name).origin.name == str(ROOT / "templates" / name)


def test_third_party_templates_have_no_handlers():
    assert [path for path in third_party_templates() if HANDLER.search(path.read_text())] == []


def test_own_templates_have_no_inline_script_style_or_handler():
    bad = []
    for path in (ROOT / "templates").rglob("*.html"):
        name = str(path.relative_to(ROOT / "templates"))
        text = path.read_text()
        if (
            INLINE_SCRIPT.search(text)
            or HANDLER.search(text)
            or (not name.startswith(("mail/", "print/")) and re.search(r"\sstyle=|<style", text))
        ):
            bad.append(name)
    assert bad == []


def test_inline_scripts_are_taken_out_and_others_stay():
    html = (
        '<script>alert(1)</script><script src="a.js"></script>'
        '<script type="text/javascript">b()\n</script><script type="application/json">{}</script>'
    )
    assert without_inline_scripts(html) == (
        '<script src="a.js"></script><script type="application/json">{}</script>'
    )


def test_choosers_print_data_instead_of_scripts(db):
    from wagtail.admin.widgets import AdminPageChooser
    from wagtail.documents.widgets import AdminDocumentChooser
    from wagtail.images.widgets import AdminImageChooser

    script = Path(finders.find("js/csp-init.js")).read_text()
    for chooser in (AdminPageChooser(), AdminDocumentChooser(), AdminImageChooser()):
        html = chooser.render("name", None, {"id": "id_name"})
        assert not INLINE_SCRIPT.search(html)
        name = re.search(r'data-csp-init="(\w+)" data-for="id_name"', html)[1]
        assert f'"{name}"' in script
