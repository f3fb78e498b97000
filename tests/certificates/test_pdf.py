import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from certificates.pdf import PdfError, render_pdf

PAGE = '<!doctype html><html lang="sv"><head><title>T</title></head><body>{}</body></html>'


@pytest.fixture
def listener():
    """A real server that notes every request made to it."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "planted",
    [
        '<img src="{address}/i.png" alt="x">',
        '<link rel="stylesheet" href="{address}/s.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<img src="file:///etc/passwd" alt="x">',
        '<object data="{address}/o.svg"></object>',
    ],
)
def test_render_never_fetches_what_was_planted(listener, planted):
    address, asked = listener
    try:
        pdf = render_pdf(PAGE.format(planted.format(address=address)))
    except PdfError:
        pdf = b""
    assert asked == []
    assert b"root:x:" not in pdf
    if pdf:
        with pikepdf.open(BytesIO(pdf)) as document:
            assert list(document.attachments) == []


def test_render_is_tagged_with_language_of_parts_and_embedded_fonts():
    pdf = render_pdf(PAGE.format('<h1>Intyg</h1><p>Hej <span lang="en">Hello</span></p>'))
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "sv"
        assert document.Root.ViewerPreferences.DisplayDocTitle
        languages = {
            str(node.Lang) for node in _elements(document.Root.StructTreeRoot.K) if "/Lang" in node
        }
        assert "en" in languages
    fonts = PdfReader(BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    for font in fonts.values():
        descendant = font.get_object()["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"]
        assert "FI-Print" in descendant["/BaseFont"]


def _elements(node):
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _elements(node.K)
