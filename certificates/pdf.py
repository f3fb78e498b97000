"""From HTML to the printed page: the only module that knows WeasyPrint.

Tagged PDF/UA-1 with embedded fonts. Nothing is ever fetched: fonts and drawings come from the installed
font package and from `print/`; every other address stops the rendering.
"""

import atexit
import base64
import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

PRINT_FOLDER = Path(__file__).parent / "print"

# WeasyPrint keeps state in the shared font configuration: one page at a time in a process.
_lock = threading.Lock()


class PdfError(Exception):
    """The page could not be rendered: a refused address, a missing font or a missing system library."""


@lru_cache(maxsize=1)
def _tools() -> Any:
    """WeasyPrint with our fetcher, fonts and sheets, made once per process.

    Imported here because the import itself fails where Pango is missing, and only PDFs need it.
    """
    try:
        import font_source_sans_pro
        import pydyf
        from weasyprint import CSS, HTML
        from weasyprint.pdf import tags
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher
    except OSError as error:
        raise PdfError(f"Pango is missing: {error}") from error

    fonts = Path(font_source_sans_pro.font_directory).resolve()

    class LockedFetcher(URLFetcher):
        """Font files below the font package's folder and data: addresses, nothing else."""

        def __init__(self) -> None:
            super().__init__(
                allowed_protocols={"file", "data"}, allow_redirects=False, fail_on_errors=True
            )

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            parts = urlsplit(url)
            if parts.scheme == "file":
                path = Path(url2pathname(parts.path)).resolve()
                if parts.netloc or not path.is_relative_to(fonts):
                    raise ValueError(f"outside the font folder: {url}")
            return super().fetch(url, headers)

    build = tags._build_box_tree

    def with_language(box: Any, parent: Any, *rest: Any) -> Any:
        """WeasyPrint 70 does not write the language of parts; a bilingual page needs it (WCAG 3.1.2)."""
        source = getattr(box, "_box", box).element
        for element in build(box, parent, *rest):
            if source is not None and source.tag != "html" and source.get("lang"):
                element["Lang"] = pydyf.String(source.get("lang"))
            yield element

    tags._build_box_tree = with_language

    fetcher = LockedFetcher()
    font_config = FontConfiguration()
    # An own family name: with the font's real name an installed copy could take its place unnoticed.
    faces = "".join(
        f"@font-face {{ font-family: 'FI Print'; font-weight: {weight};"
        f" src: url('{(fonts / name).as_uri()}') }}"
        for weight, name in (
            (400, "SourceSansPro-Regular.ttf"),
            (600, "SourceSansPro-Semibold.ttf"),
        )
    )

    def sheet(name: str) -> Any:
        text = (PRINT_FOLDER / name).read_text()
        text = re.sub(
            r'url\("svg/([\w-]+)\.svg"\)', lambda m: f'url("{_data_address(m[1])}")', text
        )
        return CSS(string=text, url_fetcher=fetcher, font_config=font_config)

    sheets = {
        "print": CSS(string=faces, url_fetcher=fetcher, font_config=font_config),
        "base": sheet("print.css"),
        "certificate": sheet("certificate.css"),
    }
    return HTML, fetcher, font_config, list(sheets.values()), FatalURLFetchingError


# WeasyPrint's font configuration cannot be torn down once the interpreter's modules are gone.
atexit.register(_tools.cache_clear)


def _data_address(name: str) -> str:
    content = base64.b64encode((PRINT_FOLDER / "svg" / f"{name}.svg").read_bytes()).decode()
    return f"data:image/svg+xml;base64,{content}"


def render_pdf(html: str) -> bytes:
    """The PDF of a print template's HTML. Raises PdfError; never reads an outside address."""
    document, fetcher, font_config, sheets, fatal = _tools()
    with _lock:
        try:
            return document(string=html, url_fetcher=fetcher).write_pdf(
                stylesheets=sheets,
                font_config=font_config,
                pdf_variant="pdf/ua-1",
                pdf_tags=True,
            )
        except fatal as error:  # a BaseException: `except Exception` would miss it
            raise PdfError(f"{error} ({error.__cause__})") from error
