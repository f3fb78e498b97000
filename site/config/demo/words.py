"""Short ways to write content: paragraphs instead of HTML, blocks as pairs of languages."""

import re
from typing import Any

from config.bilingual import Both, items

BOLD = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\[(.+?)\]\((.+?)\)")


def rich(words: str) -> str:
    """HTML of paragraphs separated by empty lines; `## ` is a heading, `- ` and `1. ` are list items."""
    parts = []
    for part in re.split(r"\n\s*\n", words.strip()):
        lines = [line.strip() for line in part.strip().splitlines()]
        if lines[0].startswith("## "):
            parts.append(f"<h2>{_inline(lines[0][3:])}</h2>")
        elif lines[0].startswith("### "):
            parts.append(f"<h3>{_inline(lines[0][4:])}</h3>")
        elif lines[0].startswith("- "):
            parts.append(f"<ul>{_list(lines, '- ')}</ul>")
        elif lines[0].startswith("1. "):
            parts.append(f"<ol>{_list(lines, '1. ')}</ol>")
        else:
            parts.append(f"<p>{_inline(' '.join(lines))}</p>")
    return "".join(parts)


def _list(lines: list[str], mark: str) -> str:
    """List items; a line without the mark goes on with the item before it."""
    entries: list[str] = []
    for line in lines:
        if line.startswith(mark):
            entries.append(line.removeprefix(mark))
        else:
            entries[-1] += f" {line}"
    return "".join(f"<li>{_inline(entry)}</li>" for entry in entries)


def _inline(words: str) -> str:
    words = words.replace("&", "&amp;")
    return LINK.sub(r'<a href="\2">\1</a>', BOLD.sub(r"<b>\1</b>", words))


def both_rich(sv: str, en: str) -> Both:
    return Both(rich(sv), rich(en))


def text(sv: str, en: str) -> tuple[str, Both]:
    return "text", both_rich(sv, en)


def fact(label: Both, value: Both, note: Both | None = None) -> dict[str, Any]:
    return {"label": label, "value": value, "note": note or ""}


def facts(*rows: dict[str, Any]) -> tuple[str, Any]:
    return "facts", {"facts": items(*rows)}


def quote(sv: str, en: str, by_sv: str, by_en: str) -> tuple[str, Any]:
    return "quote", {"quote": Both(sv, en), "by": Both(by_sv, by_en)}


def question(ask: Both, sv: str, en: str) -> tuple[str, Any]:
    return "question", {"question": ask, "answer": both_rich(sv, en)}


def download(title: Both, document: Any) -> tuple[str, Any]:
    return "download", {"document": document, "title": title}
