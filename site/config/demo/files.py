"""Files to download, made when the demo is built: nothing binary lies in the repository."""

import csv
import io
from collections.abc import Callable, Sequence

from django.core.files.base import ContentFile
from django.utils.html import escape
from wagtail.documents.models import Document

STYLE = """
@page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page); font: 9pt sans-serif } }
body { font: 11pt/1.5 "Source Sans 3", "DejaVu Sans", sans-serif; color: #222 }
h1 { font-size: 24pt; line-height: 1.1; margin: 0 0 6mm; border-top: 1mm solid #8c2a1e; padding-top: 5mm }
h2 { font-size: 14pt; margin: 7mm 0 2mm }
table { border-collapse: collapse; width: 100%; margin: 3mm 0 }
th, td { border: .3mm solid #555; padding: 2mm 3mm; text-align: left; vertical-align: top }
footer { margin-top: 9mm; font-size: 9pt; color: #555 }
"""


def put_document(title: str, filename: str, make: Callable[[], bytes]) -> Document:
    """The document with this title; its file is made only when it is not there."""
    found = Document.objects.filter(title=title).first()
    if found:
        return found
    return Document.objects.create(title=title, file=ContentFile(make(), name=filename))


def pdf(title: str, body: str, *, language: str, foot: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of HTML `body` under a heading."""
    from weasyprint import HTML

    page = (
        f'<html lang="{language}"><head><title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1>{body}<footer>{escape(foot)}</footer></body></html>"
    )
    return HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")


def xlsx(title: str, rows: Sequence[Sequence], *, widths: Sequence[int] = (46, 18, 18)) -> bytes:
    """A workbook of one sheet; a cell that begins with = is a formula, the first row is the heading."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for row in rows:
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, width in enumerate(widths):
        sheet.column_dimensions["ABCDEF"[number]].width = width
    sheet.freeze_panes = "A2"
    book.properties.title = title
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows: Sequence[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark: what a Swedish Excel opens with its letters right."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
