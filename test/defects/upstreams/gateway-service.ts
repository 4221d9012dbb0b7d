/** A gateway to an LLM API (see gateway.ts). The argument is a defect. Without it, the gateway is correct. */
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const { PORT, LLM_URL } = process.env;
const [, , DEFECT] = process.argv;

/** A failed request is sent up to this number of times. */
const ATTEMPTS = 3;
const PAUSE_MS = 20;
/** The timeout of an attempt, including the body of its answer, unless the timeout is defective. */
const TIMEOUT_MS = DEFECT === 'upstream-given-up-late' ? 3_000 : 500;

/** A failure with the status that the caller gets. */
class Failure extends Error {
  readonly status: number;
  readonly isRepeated: boolean;

  constructor(status: number, isRepeated = false) {
    super(`the LLM API failed: ${status}`);
    this.status = status;
    this.isRepeated = isRepeated;
  }
}

/** Returns the failure for an error of `fetch`. */
function failureFor(error: unknown, isRepeated = false): Failure {
  if (error instanceof Failure) return error;
  return (error as Error).name === 'TimeoutError' ? new Failure(504) : new Failure(502, isRepeated);
}

/** Sends one request to the LLM API. */
async function attempt(stream: boolean): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DOMException('too late', 'TimeoutError')), TIMEOUT_MS);
  const response = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_test', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'Hello' }], stream }),
    signal: late.signal,
  }).catch((error: unknown) => {
    throw failureFor(error, true);
  });
  if (DEFECT === 'timeout-until-the-headers') clearTimeout(timer);
  if (response.ok) return response;
  await response.body?.cancel();
  throw new Failure(response.status === 429 ? 503 : 502, response.status === 429 || response.status >= 500);
}

/** Sends a request until it succeeds, can't be repeated, or has been sent often enough. */
async function send(stream: boolean, left = ATTEMPTS): Promise<Response> {
  try {
    return await attempt(stream);
  } catch (error) {
    const failure = failureFor(error);
    if (!failure.isRepeated || left === 1) throw failure;
    await pause(PAUSE_MS);
    return send(stream, left - 1);
  }
}

/** Answers with the model's text. A body without one is a failure, except with the defect. */
async function ask(answer: ServerResponse): Promise<void> {
  const response = await send(false);
  const body = await response.text();
  const text = DEFECT === 'error-in-a-body-passed-on' ? body : JSON.parse(body).choices[0].message.content;
  answer.writeHead(200, { 'content-type': 'text/plain' }).end(text);
}

/** Passes a stream on. One that ends without its last event, or without one about an error, ends the connection. */
async function stream(answer: ServerResponse): Promise<void> {
  const response = await send(true);
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

const ROUTES: Readonly<Record<string, (answer: ServerResponse) => Promise<void>>> = {
  '/health': async (answer) => void answer.writeHead(200).end(),
  '/ask': ask,
  '/stream': stream,
};

const server = createServer(async ({ url = '' }, answer) => {
  const route = ROUTES[url];
  if (!route) return answer.writeHead(404).end();
  await route(answer).catch((error: unknown) => answer.writeHead(failureFor(error).status).end());
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
