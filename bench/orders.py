"""Whole sign-ups over HTTP: form, POST, done page, each by a browser that comes for the first time, while
clients, server and database share the machine. The confirmation is queued.

The budgets are twenty times what pretix (free order, 7 requests) managed on the machine of the measurement
with as many clients: 2.8 and 2.5 per second.
"""

import http.client
import re
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from .processes import together
from .report import report, say
from .rush import prepare
from .server import serving
from .start import start

ORDERS = 256
PEER = {8: 2.8, 32: 2.5}
TIMES = 20
WORKERS = 2
CLIENT_ADDRESS = "X-Client-Address"
FIELD = re.compile(rb'name="(token|csrfmiddlewaretoken)" value="([^"]+)"')


def order(port: int, code: str, number: int) -> bool:
    """Whether a newcomer with an address of their own got a place and read so."""
    browser = http.client.HTTPConnection("localhost", port, timeout=60)
    headers = {CLIENT_ADDRESS: f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}

    def ask(method: str, address: str, body: str | None = None) -> tuple[int, str, bytes]:
        browser.request(method, address, body, headers)
        answer = browser.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            kept = headers.get("Cookie", "")
            headers["Cookie"] = f"{kept}; {cookie.partition(';')[0]}".lstrip("; ")
        return answer.status, answer.headers.get("Location", ""), answer.read()

    address = f"/sv/runs/{code}/book/"
    _status, _where, page = ask("GET", address)
    words = {
        **{name.decode(): value.decode() for name, value in FIELD.findall(page)},
        "first_name": "Exempel",
        "last_name": "Exempelsson",
        "email": f"{code}-{number}@example.org",
        "company": "Exempel AB",
        "terms": "on",
    }
    headers |= {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": f"http://localhost:{port}",
    }
    status, where, _page = ask("POST", address, urlencode(words))
    done, _where, _page = ask("GET", where) if status == 302 else (status, "", b"")
    browser.close()
    return (status, done) == (302, 200)


def orders(port: int, code: str, numbers: range) -> int:
    return sum(order(port, code, number) for number in numbers)


def rate(port: int, code_of: Callable[[int], str], clients: int) -> tuple[float, int]:
    """(orders per second, those that failed)."""
    each = ORDERS // clients
    numbers = [range(n, ORDERS, clients) for n in range(clients)]
    warm, code = code_of(clients), code_of(ORDERS)
    answers = together(
        partial(orders, port, code),
        numbers,
        # Browsers are new, workers and their connections are not.
        warm_up=lambda number: order(port, warm, ORDERS + number),
    )
    for answer in answers:
        if answer["error"]:
            say(answer["error"])
    seconds = max(a["ended"] for a in answers) - min(a["began"] for a in answers if "began" in a)
    made = sum(answer["result"] or 0 for answer in answers)
    return made / seconds, each * clients - made


def main() -> None:
    database = start()
    from courses.models import Run

    def code_of(places: int) -> str:
        return Run.objects.get(pk=prepare(places, 0)[0]).code

    with serving(workers=WORKERS, TRUSTED_CLIENT_IP_HEADER=CLIENT_ADDRESS) as port:
        for clients, peer in PEER.items():
            pace, failed = rate(port, code_of, clients)
            report(f"orders_per_s_{clients}", round(pace, 1), "1/s", TIMES * peer, database)
            report(f"orders_failed_{clients}", failed, "orders", 0, database)


if __name__ == "__main__":
    main()
