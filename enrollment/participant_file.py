"""Reading a file of participants: what somebody's spreadsheet has saved, or a clear word why not."""

import codecs
import csv
import io
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User

from .sheets import DANGEROUS

MOST_ROWS = 500
MOST_BYTES = 1024 * 1024
LONGEST = {"first_name": 150, "last_name": 150, "email": 254, "company": 160, "number": 20}
HEADERS = {
    "first_name": ("förnamn", "first name", "first_name", "firstname"),
    "last_name": ("efternamn", "last name", "last_name", "lastname", "surname"),
    "email": ("e-post", "epost", "e-postadress", "mejl", "email", "e-mail", "e-mail address"),
    "company": ("företag", "company", "organisation", "organization"),
    "number": (
        "organisationsnummer",
        "orgnr",
        "org.nr",
        "registration number",
        "registration_number",
        "company registration number",
    ),
    "municipality": ("kommun", "municipality"),
    "language": ("språk", "language"),
}
REQUIRED = ("first_name", "last_name", "email")
LANGUAGES = {
    "": "",
    **dict.fromkeys(("sv", "svenska", "swedish"), "sv"),
    **dict.fromkeys(("en", "engelska", "english"), "en"),
}


class Unreadable(Exception):
    """The file cannot be read as a list of participants; nothing of it is used. `message` is for the reader."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message


@dataclass
class Line:
    """One row of the file as it was written. `number_in_file` counts as the spreadsheet does; `problems` say what
    is wrong with it, whatever the run."""

    number_in_file: int
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    company: str = ""
    number: str = ""
    municipality: str = ""
    language: str = ""
    problems: list[str] = field(default_factory=list)


def decoded(data: bytes) -> str:
    """The text of an uploaded file: UTF-8, or the UTF-16 with a byte order mark that Excel calls "Unicode text".
    Raises Unreadable for what is too big or something else."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 1 MB. Divide it."))
    try:
        wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            _("The file is not saved as UTF-8. In Excel, save it as “CSV UTF-8”.")
        ) from None
    if "\0" in text:
        raise Unreadable(_("This is not a text file. In Excel, save it as “CSV UTF-8”."))
    return text


def lines_of(text: str) -> list[Line]:
    """The rows of the file, at most 500, those without anything in them left out. Semicolon, comma or tab, with
    Excel's `sep=` line or without; columns in any order, Swedish or English heads, others are ignored.

    Raises Unreadable.
    """
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    head = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: dict[int, str] = {}
    lines: list[Line] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells)
                continue
            if len(lines) == MOST_ROWS:
                raise Unreadable(
                    _("The file has more than %(most)s people. Divide it.") % {"most": MOST_ROWS}
                )
            lines.append(_line(reader.line_num, cells, columns))
    except csv.Error:
        raise Unreadable(
            _("Line %(n)s cannot be read: is a quotation mark missing?") % {"n": reader.line_num}
        ) from None
    if not columns:
        raise Unreadable(_("The file is empty."))
    if not lines:
        raise Unreadable(_("The file has a head and no people."))
    _mark_twins(lines)
    return lines


def _columns(cells: list[str]) -> dict[int, str]:
    known = {word: name for name, words in HEADERS.items() for word in words}
    found: dict[int, str] = {}
    for n, cell in enumerate(cells):
        name = known.get(" ".join(cell.split()).casefold())
        if name in found.values():
            raise Unreadable(_("The column “%(name)s” is there twice.") % {"name": cell.strip()})
        if name:
            found[n] = name
    lacking = [HEADERS[name][0] for name in REQUIRED if name not in found.values()]
    if lacking:
        raise Unreadable(
            ngettext(
                "The first line must name the columns. This one is missing: %(names)s",
                "The first line must name the columns. These are missing: %(names)s",
                len(lacking),
            )
            % {"names": ", ".join(lacking)}
        )
    return found


def _line(n: int, cells: list[str], columns: dict[int, str]) -> Line:
    line = Line(n)
    for i, name in columns.items():
        words = " ".join(cells[i].split()) if i < len(cells) else ""
        setattr(line, name, words[:300])
        if words.startswith(DANGEROUS):
            line.problems.append(_("“%(words)s” looks like a formula") % {"words": words[:40]})
        elif len(words) > LONGEST.get(name, 300) or not words.isprintable():
            line.problems.append(_("“%(words)s…” is too long") % {"words": words[:40]})
    for name, problem in (
        ("first_name", _("The first name is missing")),
        ("last_name", _("The last name is missing")),
        ("email", _("The e-mail address is missing")),
    ):
        if not getattr(line, name):
            line.problems.append(problem)
    line.email = User.objects.normalise(line.email)
    if line.email and not _is_address(line.email):
        line.problems.append(_("“%(words)s” is no e-mail address") % {"words": line.email[:60]})
    language = LANGUAGES.get(line.language.casefold())
    if language is None:
        line.problems.append(
            _("“%(words)s” is no language: write sv or en") % {"words": line.language[:40]}
        )
    line.language = language or ""
    return line


def _is_address(words: str) -> bool:
    try:
        validate_email(words)
    except ValidationError:
        return False
    return True


def _mark_twins(lines: list[Line]) -> None:
    first: dict[str, int] = {}
    for line in lines:
        if not line.email:
            continue
        if line.email in first:
            line.problems.append(
                _("The same address stands on line %(n)s") % {"n": first[line.email]}
            )
        first.setdefault(line.email, line.number_in_file)
