"""Lists as CSV files that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What Excel, LibreOffice and Google take for the beginning of a formula or a field break (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def cell(value: object) -> str:
    """A value as a cell that is never a formula: an apostrophe goes before whatever might begin one. Control
    characters become spaces; a phone number stays readable."""
    words = "" if value is None else str(value)
    risky = words.lstrip(" \N{NO-BREAK SPACE}").startswith(DANGEROUS)
    words = "".join(c if c.isprintable() else " " for c in words)
    return f"'{words}" if risky else words


def csv_text(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """Semicolons, CRLF and a byte order mark: what Swedish Excel opens as a table."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([cell(word) for word in head])
    writer.writerows([cell(value) for value in row] for row in rows)
    return BOM + out.getvalue()


def csv_response(
    name: str, head: Sequence[object], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """The list as a file to download, never shown in the browser and never kept by a cache."""
    response = HttpResponse(csv_text(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response
