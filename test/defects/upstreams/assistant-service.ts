/**
 * A service with a breaker and a limited number of concurrent calls, which end when their callers leave (see
 * assistant.ts). It also passes on streams. The argument is a defect. Without it, the service is correct.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { eventsOf } from './assistant-stream.ts';
import { SimpleBreaker } from './simple-breaker.ts';

const { PORT, LLM_URL, LLM_API_KEY, LLM_TIMEOUT_MS } = process.env;
const [, , DEFECT] = process.argv;

/** The timeouts without a setting, by defect. */
const DEFAULTS: Readonly<Record<string, number>> = {
  'timeout-of-the-client-library': 300_000,
  'default-timeout-in-the-wrong-unit': 10,
  'default-timeout-not-a-number': Number.NaN,
};
const TIMEOUT_MS = Number(LLM_TIMEOUT_MS ?? DEFAULTS[DEFECT ?? ''] ?? 10_000);
const SLOTS = 20;

const breaker = new SimpleBreaker(5, 1_000);
let busy = 0;

/** A call that ended because the caller left says nothing about the upstream. */
function forget(): void {
  if (DEFECT === 'callers-who-left-counted') breaker.fail();
  else if (DEFECT !== 'abandoned-trial-holds-half-open') breaker.forget();
}

/** Counts a failure. With the defect, each opening of the breaker blocks the event loop for 0.7 s. */
function fail(): void {
  breaker.fail();
  if (DEFECT !== 'frozen-when-it-opens' || breaker.admits()) return;
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700);
}

const send = (stream: boolean, signal: AbortSignal): Promise<Response> =>
  fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LLM_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }], stream }),
    signal,
  });

async function callUpstream(gone: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await send(false, DEFECT === 'abandoned-calls-go-on' ? timeout : AbortSignal.any([timeout, gone]));
  await response.text();
  if (!response.ok) throw new Error(`the LLM responded with ${response.status}`);
}

/** Makes a call unless the breaker or the number of calls forbids it. Returns the status for the caller. */
async function protect(gone: AbortSignal, act: () => Promise<void>): Promise<number> {
  if (busy >= SLOTS || !breaker.admits()) return 503;
  breaker.begin();
  busy += 1;
  try {
    await act();
    breaker.succeed();
    return 200;
  } catch {
    if (gone.aborted) forget();
    else fail();
    return 502;
  } finally {
    if (!gone.aborted || DEFECT !== 'slots-of-callers-who-left-lost') busy -= 1;
  }
}

const TYPE = DEFECT === 'stream-of-another-type' ? 'text/plain' : 'text/event-stream';

/** Passes a stream on, event by event. If it fails after it has begun, the last event tells of an error. */
async function chat(answer: ServerResponse): Promise<void> {
  const gone = goneSignal(answer);
  const open = (late: AbortSignal) =>
    send(true, DEFECT === 'abandoned-streams-go-on' ? late : AbortSignal.any([late, gone]));
  let isBroken = false;
  const status = await protect(gone, async () => {
    try {
      for await (const event of eventsOf(open, DEFECT)) {
        if (!answer.headersSent) answer.writeHead(200, { 'content-type': TYPE });
        answer.write(`${event}\n\n`);
      }
    } catch (error) {
      isBroken = true;
      if (!answer.headersSent || DEFECT !== 'begun-streams-count-as-successes') throw error;
    }
  });
  if (!answer.headersSent) answer.writeHead(status).end();
  else if (!isBroken || DEFECT === 'failed-stream-ended-well') answer.end();
  else if (DEFECT === 'failed-stream-completed') answer.end('data: [DONE]\n\n');
  else answer.end('data: {"error":{"message":"the stream failed"}}\n\n');
}

/** Returns a signal that is aborted when the caller disconnects. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

const server = createServer(async ({ url }, response) => {
  if (url === '/chat') return chat(response);
  const gone = goneSignal(response);
  const status = url === '/ask' ? await protect(gone, () => callUpstream(gone)) : url === '/health' ? 200 : 404;
  response.writeHead(status).end();
});
server.listen(Number(PORT), '127.0.0.1');
await once(process, 'SIGTERM');
process.exit();
