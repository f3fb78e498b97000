"""One certificate as designed, warm: page, QR code, tagged PDF."""

import time

from .report import report, say
from .start import start

ROUNDS = 10


def main() -> None:
    database = start()
    from certificates.models import Certificate
    from certificates.page import certificate_html
    from certificates.pdf import render_pdf

    certificate = Certificate.objects.first()
    assert certificate, "the demo's content has no certificate"
    for _ in range(2):
        size = len(render_pdf(certificate_html(certificate)))
    begin = time.process_time()
    for _ in range(ROUNDS):
        render_pdf(certificate_html(certificate))
    cpu = (time.process_time() - begin) / ROUNDS * 1000
    report("certificate_cpu_ms", round(cpu, 1), "ms", 160, database)
    say(f"certificate {size} bytes")


if __name__ == "__main__":
    main()
