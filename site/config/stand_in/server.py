"""The stand-in on HTTP: the API under /v1/, the hosted payment page, and a list of payments at /."""

import contextlib
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import pages
from .api import Answer, StandIn

LONGEST_BODY = 64 * 1024


class Server(ThreadingHTTPServer):
    """Serves one `StandIn` on 127.0.0.1; `port=0` takes a free port."""

    daemon_threads = True

    def __init__(self, stand_in: StandIn, port: int = 0) -> None:
        self.stand_in = stand_in
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def start(self) -> "Server":
        """Serve in a thread of this process."""
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args: object) -> None:
        pass

    def _respond(self) -> None:
        stand_in = self.server.stand_in
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST_BODY:
            self._send(Answer(413, "too long"), "text/plain; charset=utf-8")
            return
        body = self.rfile.read(length).decode(errors="replace")
        url = urllib.parse.urlsplit(self.path)
        if url.path.startswith("/v1/"):
            answer = stand_in.answer(self.command, self.path, body, self.headers)
            self._send(answer, "application/json")
        else:
            stand_in.expire_due()
            form = dict(urllib.parse.parse_qsl(body))
            query = dict(urllib.parse.parse_qsl(url.query))
            answer, kind = pages.answer(stand_in, self.command, url.path, query, form)
            self._send(answer, kind)

    def _send(self, answer: Answer, content_type: str) -> None:
        data = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.headers:
            self.send_header(name, value)
        with contextlib.suppress(ConnectionError):  # the caller has lost patience
            self.end_headers()
            self.wfile.write(data)

    do_GET = do_POST = do_DELETE = _respond
