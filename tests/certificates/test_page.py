from io import BytesIO

import pytest
from pypdf import PdfReader

from certificates.page import certificate_html
from certificates.pdf import render_pdf
from tests.certificates.factories import make_certificate

pytestmark = pytest.mark.django_db


def text_of(certificate) -> str:
    reader = PdfReader(BytesIO(bytes(certificate.file.pdf)))
    assert len(reader.pages) == 1
    return " ".join(reader.pages[0].extract_text().split())


def test_page_says_it_in_both_languages_swedish_first(now):
    certificate = make_certificate(now=now)
    text = text_of(certificate)
    assert text.index("Kursintyg") < text.index("Course certificate")
    for words in (
        "Härmed intygas att",
        "This is to certify that",
        certificate.facts["holder"],
        "Uppkopplade produkter",
        "Connected products",
        "4 av 4 h",
        certificate.number,
        certificate.spaced_code,
        "Modul 1",
        "Module 1",
    ):
        assert words in text


def test_page_puts_the_holders_language_first(now):
    certificate = make_certificate(now=now)
    certificate.language = "en"
    html = certificate_html(certificate)
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert html.index("Course certificate") < html.index("Kursintyg")


def test_page_prints_a_hostile_name_as_text(now):
    certificate = make_certificate(now=now, stored=False)
    certificate.facts["holder"] = (
        '<img src="http://127.0.0.1:9/i.png"><link rel=attachment href="file:///etc/passwd">'
    )
    html = certificate_html(certificate)
    assert "<img" not in html
    assert "&lt;img" in html
    assert "rel=attachment href=&quot;" in html
    assert render_pdf(html).startswith(b"%PDF")


@pytest.mark.parametrize("holder", ["Bo Ek", "Elin Åkerström-Bäck-Lindh", "M" * 60])
def test_page_stays_one_page_with_any_name(now, holder):
    certificate = make_certificate(now=now, stored=False)
    certificate.facts["holder"] = holder
    pdf = render_pdf(certificate_html(certificate))
    assert len(PdfReader(BytesIO(pdf)).pages) == 1
