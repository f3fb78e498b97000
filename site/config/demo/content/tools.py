"""The toolbox: nine tools, each with a file in both languages."""

from typing import Any

from wagtail.models import Page

from config.bilingual import Both, pick, put_page, stream
from home.models import ToolboxPage, ToolPage

from ..files import csv_file, pdf, put_document, xlsx
from ..words import rich, text
from .tool_files import FOOT, TOOLS


def put_tools(start: Page) -> None:
    """The toolbox and its tools; files are made in both languages."""
    index = put_page(
        start,
        ToolboxPage,
        slug=Both("verktyg", "toolbox"),
        title=Both("Verktygslåda", "Toolbox"),
        intro=Both(
            "Mallar och kalkyler från kurserna. Fria att använda, ändra och dela vidare under CC BY 4.0.",
            "Templates and calculations from the courses. Free to use, change and pass on under CC BY 4.0.",
        ),
        show_in_menus=True,
    )
    present = set(index.get_children().values_list("slug", flat=True))
    for tool in TOOLS:
        if tool["slug"].sv in present:
            continue
        put_page(
            index,
            ToolPage,
            slug=tool["slug"],
            title=tool["title"],
            audience=tool.get("audience", ToolPage.Audience.COMPANY),
            intro=tool["intro"],
            format=tool.get("format_words") or Both(tool["kind"], tool["kind"]),
            version="1.0",
            accessible=tool["kind"] != "csv",
            document=Both(_file(tool, "sv"), _file(tool, "en")),
            body=stream(text(tool["sv"], tool["en"])),
        )


def _file(tool: dict[str, Any], language: str):
    title = pick(tool["title"], language)
    kind = tool["kind"]

    def make() -> bytes:
        if kind == "pdf":
            words = rich(pick(tool["paper"], language)) + pick(tool.get("sheet", ""), language)
            return pdf(title, words, language=language, foot=pick(FOOT, language))
        rows = pick(tool["rows"], language)
        return xlsx(title, rows) if kind == "xlsx" else csv_file(rows)

    return put_document(title, f"{pick(tool['slug'], language)}-{language}.{kind}", make)
