"""gunicorn: one process per core, a few threads each; the database must allow workers x threads."""

import gc
import os

pythonpath = "site"
wsgi_app = "config.wsgi"
bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
# Loaded once before forking: the first request of a fresh worker is as quick as any other.
preload_app = True
forwarded_allow_ips = "*"
accesslog = os.environ.get("ACCESS_LOG") or None
# Nobody steers it by a socket, and the image's user has no home to put one.
control_socket_disable = True

# Loading makes hardly any garbage, and looking for it takes a fifth of the time.
gc.disable()


def when_ready(server) -> None:
    """What is loaded before forking stays: no worker's collector looks through it, no page of it is copied."""
    gc.collect()
    gc.freeze()


def post_fork(server, worker) -> None:
    gc.enable()
