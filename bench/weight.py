"""What a page brings along for a first visit, as sent: itself, every stylesheet and script, every font and
drawing that a stylesheet names. A browser takes fewer fonts than that; content images are left out."""

import re

from .report import report
from .start import start

LINKED = re.compile(r'(?:href|src)="([^"]+\.(?:css|js|woff2)[^"]*)"')
NAMED = re.compile(r'url\(["\']?([^"\')]+)')
ADDRESSES = {"start_page": "/sv/", "catalogue": "/sv/kurser/"}


def weigh(browser, address: str) -> tuple[int, int]:
    """(all bytes, those of scripts)."""
    from urllib.parse import urljoin

    sizes = {}
    waiting = [address]
    while waiting:
        here = waiting.pop()
        if here in sizes or here.startswith("data:"):
            continue
        answer = browser.get(here, headers={"accept-encoding": "gzip, br"})
        sent = b"".join(answer.streaming_content) if answer.streaming else answer.content
        sizes[here] = len(sent)
        if here.endswith(".css"):
            text = browser.get(here, headers={"accept-encoding": "identity"})
            waiting += [
                urljoin(here, name)
                for name in NAMED.findall(b"".join(text).decode())
                if name[0] != "#"
            ]
        elif here == address:
            waiting += LINKED.findall(sent.decode())
    return sum(sizes.values()), sum(size for name, size in sizes.items() if name.endswith(".js"))


def main() -> None:
    database = start()
    from django.conf import settings
    from django.test import Client

    from courses.models import CoursePage

    settings.ALLOWED_HOSTS.append("testserver")
    page = CoursePage.objects.live().filter(locale__language_code="sv").first()
    assert page, "no course page: the demo's content is missing"
    browser = Client()
    for name, address in {**ADDRESSES, "course_page": page.get_url()}.items():
        whole, scripts = weigh(browser, address)
        report(f"{name}_kb", round(whole / 1000, 1), "kB", 100, database)
        report(f"{name}_script_kb", round(scripts / 1000, 1), "kB", 25, database)


if __name__ == "__main__":
    main()
