# Stage 1 installs the pinned packages; stage 2 has them, the code and the data, and nothing that builds.
# Another base of the same Debian: --build-arg BASE=…
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE} AS packages
# A file of requirements/ brings an extra: --build-arg PINS=requirements/limits.txt for the rate limit, otel.txt for traces.
ARG PINS=requirements.txt
COPY requirements.txt /pins/
COPY requirements /pins/requirements
RUN python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r "/pins/$PINS"
# Which build this is (https://github.com/mozilla-services/Dockerflow): --build-arg COMMIT=$(git rev-parse HEAD) …
ARG SOURCE="" COMMIT="" BUILD=""
COPY service/__init__.py /service/__init__.py
RUN version=$(python -c 'import service; print(service.__version__)') \
 && printf '{"source": "%s", "version": "%s", "commit": "%s", "build": "%s"}\n' \
        "$SOURCE" "$version" "$COMMIT" "$BUILD" > /version.json

FROM ${BASE}
# Numeric, so that an orchestrator can verify that the user is not root.
RUN groupadd --gid 10001 app && useradd --uid 10001 --gid app --no-create-home --home-dir /app app
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=packages /version.json version.json
COPY service service
COPY data data
COPY docs/methodology.md docs/methodology.md
COPY docs/problems.md docs/problems.md
COPY LICENSE LICENSE
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000
# The data, checked once: a start need not check it again, and the server has nowhere to keep it.
RUN python -m service data snapshot
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=2)"]
ENTRYPOINT ["gunicorn"]
CMD ["--config", "service/gunicorn.conf.py"]
