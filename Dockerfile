# syntax=docker/dockerfile:1
FROM python:3.13-slim-trixie AS build
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
COPY requirements-uv.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.txt
RUN --mount=type=cache,target=/root/.cache/uv \
    uv venv .venv \
 && uv pip sync --require-hashes --no-build --python .venv/bin/python requirements.txt

FROM python:3.13-slim-trixie
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home /app app \
 && install -d -o app /data
WORKDIR /app
COPY --from=build /app/.venv /app/.venv
COPY . /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_DIR=/app/static
# DEMO lets the settings load without secrets, for these commands only. The last one makes a PDF, so that an
# image without Pango is never shipped.
RUN export DEMO=1 DATA_DIR=/tmp/build PYTHONPATH=site \
 && python -m config.catalogues \
 && python manage.py build_fonts \
 && python manage.py collectstatic --noinput \
 && python -m compileall -q -x '[.]venv' . \
 && rm -r /tmp/build \
 && python -c "from weasyprint import HTML; HTML(string='<p>åäö</p>').write_pdf('/tmp/x.pdf')" \
 && rm /tmp/x.pdf
USER 10001
EXPOSE 8080
CMD ["gunicorn", "--config", "gunicorn.conf.py"]
