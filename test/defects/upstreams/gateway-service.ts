/**
 * A gateway to an LLM API (see gateway.ts and patient-gateway.ts). The argument is a defect. Without it, the gateway is
 * correct.
 */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const { PORT, LLM_URL, GIVEN_UP_MS = '500' } = process.env;
const [, , DEFECT] = process.argv;

/** A failed request is sent up to this number of times. */
const ATTEMPTS = 3;
/** The shortest pause between two attempts. */
const PAUSE_MS = DEFECT === 'no-pause-between-attempts' ? 0 : 200;
/** A longer Retry-After is ignored. */
const LONGEST_WAIT_MS = DEFECT === 'long-retry-after-waited-for' ? 100_000_000 : 5_000;
/** A timer with a longer time ends at once. */
const OVERFLOW_MS = 2 ** 31;
/** The timeout of an attempt, including the body of its answer, unless the timeout is defective. */
const TIMEOUT_MS = DEFECT === 'upstream-given-up-late' ? 3_000 : Number(GIVEN_UP_MS);

/**
 * Returns the pause before another attempt if no Retry-After says otherwise. Some defects make it predictable, at least
 * for calls that fail together, and others make it too long.
 */
function backoffMs(): number {
  switch (DEFECT) {
    case 'backoff-without-jitter':
      return PAUSE_MS;
    case 'jitter-drawn-once':
      return PAUSE_MS * (1 + DRAWN / 2);
    case 'jitter-drawn-each-second':
      return PAUSE_MS * (1 + ((Math.floor(Date.now() / 1_000) * 0.618) % 1) / 2);
    case 'retries-released-together':
      return PAUSE_MS + 100 - (Date.now() % 100);
    case 'jitter-above-the-maximum':
      return PAUSE_MS * (1 + Math.random() * 3);
    // Each is within the tolerance of the maximum.
    case 'pauses-not-added-up':
      return PAUSE_MS * (2.3 + Math.random() / 10);
    default:
      return PAUSE_MS * (1 + Math.random() / 2);
  }
}

const DRAWN = Math.random();

/** A failure with the status that the caller gets. */
class Failure extends Error {
  readonly status: number;
  readonly isRepeated: boolean;
  /** The pause before the next attempt, in milliseconds. */
  readonly pauseMs: number;
  /** Whether the connection was lost. */
  isLost = false;

  constructor(status: number, isRepeated = false, pauseMs = backoffMs()) {
    super(`the LLM API failed: ${status}`);
    this.status = status;
    this.isRepeated = isRepeated;
    this.pauseMs = pauseMs;
  }
}

/** Returns the failure for an error of `fetch`. */
function failureFor(error: unknown, isRepeated = false, pauseMs = backoffMs()): Failure {
  if (error instanceof Failure) return error;
  return (error as Error).name === 'TimeoutError' ? new Failure(504) : new Failure(502, isRepeated, pauseMs);
}

/** Sends one request to the LLM API, until the caller is gone. */
async function attempt(stream: boolean, gone: AbortSignal): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException('too late', 'TimeoutError')), TIMEOUT_MS);
  const response = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_test', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'Hello' }], stream }),
    signal: AbortSignal.any([late.signal, gone]),
  }).catch((error: unknown) => {
    const failure = failureFor(error, true, DEFECT === 'long-pause-after-a-reset' ? 4_000 : backoffMs());
    failure.isLost = failure.status === 502;
    throw failure;
  });
  if (DEFECT === 'timeout-until-the-headers') clearTimeout(timer);
  if (response.ok) return DEFECT === 'timeout-for-each-read' ? withTimeoutForEachRead(response, timer) : response;
  await response.body?.cancel();
  const { status, headers } = response;
  throw new Failure(status === 429 ? 503 : 502, isRepeated(status, headers), pauseFor(status, headers));
}

/** Returns a response that starts the timeout anew with each chunk that arrives. */
function withTimeoutForEachRead({ body }: Response, timer: NodeJS.Timeout): Response {
  const restart = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      timer.refresh();
      controller.enqueue(chunk);
    },
  });
  return new Response(body?.pipeThrough(restart));
}

function isRepeated(status: number, headers: Headers): boolean {
  const hint = headers.get('x-should-retry');
  if (hint !== null && DEFECT !== 'should-retry-ignored') return hint === 'true';
  if (status === 429) return DEFECT !== 'given-up-after-a-429';
  return status >= 500 || DEFECT === 'bad-request-sent-again';
}

/**
 * Returns the pause before the next attempt: that of retry-after-ms, or of a Retry-After in seconds or with a date,
 * unless it is too long.
 */
function pauseFor(status: number, headers: Headers): number {
  const milliseconds = Number(headers.get('retry-after-ms') ?? '0');
  if (milliseconds > 0 && DEFECT !== 'milliseconds-ignored') return Math.min(milliseconds, LONGEST_WAIT_MS);
  const retryAfter = headers.get('retry-after') ?? '';
  const isNumber = /^\d+$/.test(retryAfter);
  const ms = isNumber ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  const isIgnored = DEFECT === 'retry-after-ignored' || (DEFECT === 'retry-after-date-ignored' && !isNumber);
  if (isIgnored || Number.isNaN(ms)) return backoffMs();
  if (DEFECT === 'retry-after-of-a-429-ignored' && status === 429) return backoffMs();
  if (DEFECT === 'retry-after-overflows' && ms > OVERFLOW_MS) return ms;
  return ms > PAUSE_MS && ms <= LONGEST_WAIT_MS ? ms : backoffMs();
}

/** The defects with which only the first attempt heeds that the caller is gone. */
const HEEDED_ONCE = ['retry-sent-for-nobody', 'cancelled-attempt-sent-again'];

/** Acts until it succeeds, can't be repeated, was done often enough, or the caller is gone. */
async function repeat<Result>(
  act: (gone: AbortSignal) => Promise<Result>,
  gone: AbortSignal,
  left = ATTEMPTS,
  before?: Failure,
): Promise<Result> {
  try {
    const result = await act(gone);
    if (before && isThrownAway(left, before)) throw Object.assign(before, { isRepeated: false });
    return result;
  } catch (error) {
    const failure = failureFor(error);
    const isCancelled = gone.aborted && DEFECT !== 'cancelled-attempt-sent-again';
    if (isCancelled || !failure.isRepeated || left === 1) throw failure;
    const next = HEEDED_ONCE.includes(DEFECT ?? '') ? new AbortController().signal : gone;
    const pauseMs = failure.pauseMs * (DEFECT === 'backoff-without-maximum' ? 4 ** (ATTEMPTS - left) : 1);
    if (DEFECT === 'frozen-between-attempts') freeze(pauseMs);
    else await pause(pauseMs, undefined, { signal: next });
    return repeat(act, next, left - 1, failure);
  }
}

/** Whether a defect throws the result of an attempt away that comes after a failure. */
function isThrownAway(left: number, before: Failure): boolean {
  if (DEFECT === 'second-rescue-thrown-away') return left === ATTEMPTS - 2;
  return DEFECT === 'rescue-thrown-away' || (DEFECT === 'rescue-from-a-reset-thrown-away' && before.isLost);
}

/** Blocks the event loop. */
function freeze(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Sends a request until it succeeds or is given up. With the defect, two layers repeat it. */
function send(stream: boolean, gone: AbortSignal, onAttempt = () => {}): Promise<Response> {
  const sendOnce = (signal: AbortSignal) => {
    onAttempt();
    return attempt(stream, signal);
  };
  const sendIt = () => repeat(sendOnce, gone);
  return DEFECT === 'attempts-multiplied' ? repeat(sendIt, gone) : sendIt();
}

/** Answers with the model's text. A body without one is a failure, except with the defect. */
async function ask(answer: ServerResponse, gone: AbortSignal): Promise<void> {
  let sent = 0;
  const response = await send(false, gone, () => {
    sent += 1;
  });
  const body = await response.text();
  if (DEFECT === 'empty-answer-after-a-failure' && sent > 1) return void answer.writeHead(200).end();
  const text = DEFECT === 'error-in-a-body-passed-on' ? body : JSON.parse(body).choices[0].message.content;
  answer.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

/** Passes a stream on. One that ends without its last event, or without one about an error, ends the connection. */
async function stream(answer: ServerResponse, gone: AbortSignal): Promise<void> {
  const response = await send(true, gone);
  let seen = '';
  try {
    for await (const chunk of response.body ?? []) {
      if (seen === '') answer.writeHead(200, { 'content-type': 'text/event-stream' });
      seen += Buffer.from(chunk).toString();
      answer.write(chunk);
    }
  } catch (error) {
    if (seen === '') throw error;
    if (DEFECT !== 'cut-stream-ended-well') return void answer.destroy();
  }
  if (seen.includes('[DONE]') || seen.includes('"error"')) return void answer.end();
  if (DEFECT === 'cut-stream-ended-well' || DEFECT === 'unfinished-stream-ended-well') return void answer.end();
  answer.destroy();
}

const ROUTES: Readonly<Record<string, (answer: ServerResponse, gone: AbortSignal) => Promise<void>>> = {
  '/health': async (answer) => void answer.writeHead(200).end(),
  '/ask': ask,
  '/stream': stream,
};

const server = createServer(async ({ url = '' }, answer) => {
  const route = ROUTES[url];
  if (!route) return answer.writeHead(404).end();
  const left = new AbortController();
  answer.once('close', () => left.abort());
  await route(answer, left.signal).catch((error: unknown) => {
    if (DEFECT === 'frozen-after-a-failure') freeze(1_500);
    answer.writeHead(failureFor(error).status).end();
  });
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
