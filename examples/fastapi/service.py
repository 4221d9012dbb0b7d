"""An example service: FastAPI with limits, circuitbreaker, httpx and asyncpg, all from Debian's packages.

`proofload.yaml` in this folder is its contract.
"""

import asyncio
import os
import ssl
import sys
from contextlib import asynccontextmanager

import asyncpg
import httpx
import uvicorn
from circuitbreaker import CircuitBreaker, CircuitBreakerError
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from pydantic import BaseModel

env = os.environ

if len(env.get("APP_KEY", "")) < 32:
    sys.exit("APP_KEY is too weak: it needs 32 characters or more")


class LlmFailed(Exception):
    """The LLM gave no usable answer in time. Counts as a failure of the breaker."""


class DatabaseBusy(Exception):
    """No connection could be used in time."""


breaker = CircuitBreaker(
    failure_threshold=int(env["BREAKER_FAILURES"]),
    recovery_timeout=float(env["BREAKER_REST_SECONDS"]),
    expected_exception=LlmFailed,
    name="llm",
)


async def complete(question: str) -> str:
    # As a decorator, circuitbreaker 1 treats an async function's coroutine as a success.
    if breaker.opened:
        raise CircuitBreakerError(breaker)
    with breaker:
        return await ask_llm(question)


async def ask_llm(question: str) -> str:
    body = {"model": "openai/gpt-oss-120b", "messages": [{"role": "user", "content": question}]}
    try:
        # httpx's own timeouts apply to each read. This one applies to the whole call.
        async with asyncio.timeout(float(env["LLM_TIMEOUT_SECONDS"])):
            response = await app.state.llm.post("/chat/completions", json=body)
        response.raise_for_status()
        return response.json()["choices"][0]["message"]["content"]
    except (TimeoutError, httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise LlmFailed(repr(error)) from error


async def query(statement: str, *values):
    """Runs a statement on a connection of the pool. Both the wait for a connection and the statement have a limit."""
    try:
        async with app.state.pool.acquire(timeout=float(env["POOL_WAIT_SECONDS"])) as connection:
            return await connection.fetch(statement, *values, timeout=float(env["QUERY_SECONDS"]))
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseBusy(repr(error)) from error


@asynccontextmanager
async def lifespan(app: FastAPI):
    trusted = ssl.create_default_context(cafile=env["LLM_CA_FILE"])
    headers = {"authorization": f"Bearer {env['LLM_KEY']}"}
    pool = asyncpg.create_pool(env["DATABASE_URL"], min_size=1, max_size=int(env["POOL_MAX"]), timeout=5)
    llm = httpx.AsyncClient(base_url=env["LLM_URL"], headers=headers, verify=trusted, timeout=None)
    async with pool as app.state.pool, llm as app.state.llm:
        await query("CREATE TABLE IF NOT EXISTS answers (id serial PRIMARY KEY, question text, answer text)")
        yield


app = FastAPI(lifespan=lifespan)
limiter = FixedWindowRateLimiter(MemoryStorage())
limits = {
    "/ask": RateLimitItemPerSecond(int(env["ASK_LIMIT"]), int(env["WINDOW_SECONDS"])),
    "/answers": RateLimitItemPerSecond(int(env["READ_LIMIT"]), int(env["READ_WINDOW_SECONDS"])),
}


@app.middleware("http")
async def limit(request: Request, serve):
    path = request.url.path
    if path in limits and not limiter.hit(limits[path], path, request.client.host):
        return JSONResponse({"error": "too many requests"}, 429)
    return await serve(request)


class Question(BaseModel):
    question: str


@app.post("/ask")
async def ask(asked: Question):
    try:
        answer = await complete(asked.question)
    except CircuitBreakerError:
        return JSONResponse({"error": "the LLM is not asked now"}, 503)
    except LlmFailed:
        return JSONResponse({"error": "the LLM failed"}, 502)
    await query("INSERT INTO answers (question, answer) VALUES ($1, $2)", asked.question, answer)
    return {"answer": answer}


@app.get("/answers")
async def answers():
    rows = await query("SELECT question, answer FROM answers ORDER BY id DESC LIMIT 5")
    return [dict(row) for row in rows]


@app.get("/health")
async def health():
    return {"ok": True}


@app.exception_handler(DatabaseBusy)
async def without_database(request: Request, error: DatabaseBusy):
    return JSONResponse({"error": "no database"}, 503)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(env["PORT"]), log_level="warning", timeout_graceful_shutdown=5)
