# Written where no container could be run: not tried (docs/operations.md).
FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin dateline \
    && mkdir /data && chown dateline /data
WORKDIR /app
COPY --from=build /venv /venv
COPY app.py ./
COPY index index
COPY prompts prompts
COPY seeds seeds
COPY web web
COPY widget widget
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    DATELINE_DATA=/data/index \
    DATELINE_HOST=0.0.0.0 \
    DATELINE_PORT=7860
USER dateline
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
    ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/healthz', timeout=4)"]
CMD ["python", "app.py"]
