"""Settings of gunicorn: sync workers, each of which works on one request at a time."""

import os

import psycopg

bind = "127.0.0.1:" + os.environ["PORT"]
workers = 4
worker_class = "sync"
# The service is loaded once, before the workers are forked.
preload_app = True
# The master waits for as long, also if all workers have ended. It is longer than a call of the LLM may take.
graceful_timeout = 2


def on_starting(server):
    import service

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(service.CREATE)
