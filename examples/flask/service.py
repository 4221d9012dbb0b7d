"""An example service: Flask with Flask-Limiter, Requests and psycopg, all from Debian's packages.

gunicorn runs it in sync workers (`gunicorn.conf.py`). `proofload.yaml` in this folder is its contract.
"""

import os

import psycopg
import requests
from flask import Flask, jsonify, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

env = os.environ

app = Flask(__name__)
# Each worker has a memory of its own, so the counters are in Redis.
limiter = Limiter(
    get_remote_address,
    app=app,
    storage_uri=env["REDIS_URL"],
    key_prefix=env["LIMITS_PREFIX"],
    strategy="fixed-window",
)
CREATE = "create table if not exists answers (id text primary key, question text not null, answer text not null)"


# A sync worker works on one request at a time, so it needs one connection. It opens another one if that is lost.
connection = None


def query(statement, values=()):
    global connection
    if connection is None or connection.closed:
        connection = psycopg.connect(env["DATABASE_URL"], autocommit=True, connect_timeout=2)
    return connection.execute(statement, values)


class LlmFailed(Exception):
    """The LLM gave no usable answer in time."""


def complete(question):
    body = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": question}]}
    try:
        response = requests.post(
            env["LLM_URL"] + "/chat/completions",
            json=body,
            headers={"authorization": "Bearer " + env["LLM_KEY"]},
            timeout=(1, float(env["LLM_TIMEOUT_SECONDS"])),
            allow_redirects=False,
        )
        if response.status_code != 200:
            raise LlmFailed(f"status {response.status_code}")
        answer = response.json()["choices"][0]["message"]["content"]
    except (requests.RequestException, ValueError, KeyError, IndexError, TypeError) as error:
        raise LlmFailed(type(error).__name__) from error
    if not isinstance(answer, str) or not answer:
        raise LlmFailed("no text")
    return answer


@app.post("/ask")
@limiter.limit(env["ASK_LIMIT"])
def ask():
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in ("id", "question")):
        return jsonify(error="id and question must be texts"), 400
    answer = complete(body["question"])
    query(
        "insert into answers (id, question, answer) values (%s, %s, %s) on conflict (id) do nothing",
        (body["id"], body["question"], answer),
    )
    return jsonify(id=body["id"], answer=answer), 201


@app.get("/answers/<id>")
def read(id):
    row = query("select answer from answers where id = %s", (id,)).fetchone()
    return (jsonify(answer=row[0]), 200) if row else (jsonify(error="not found"), 404)


@app.get("/health")
def health():
    return jsonify(ok=True)


@app.errorhandler(LlmFailed)
def llm_failed(error):
    app.logger.warning("the LLM failed: %s", error)
    return jsonify(error="the assistant is not available"), 502


@app.errorhandler(psycopg.Error)
def database_failed(error):
    app.logger.warning("the database failed: %s", type(error).__name__)
    return jsonify(error="try again later"), 503


@app.errorhandler(429)
def limited(_):
    return jsonify(error="too many requests"), 429
