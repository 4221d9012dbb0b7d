/**
 * A service with a breaker and a limited number of concurrent calls, which end when their callers leave (see
 * assistant.ts). The argument is a defect. Without it, the service is correct.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

const { PORT, LLM_URL, LLM_API_KEY } = process.env;
const [, , DEFECT] = process.argv;

const THRESHOLD = 5;
const RECOVERY_MS = 1_000;
const TIMEOUT_MS = 10_000;
const SLOTS = 20;

let state: 'closed' | 'open' | 'half-open' = 'closed';
let failures = 0;
let openedAt = 0;
let isTrying = false;
let busy = 0;

function admits(): boolean {
  if (state === 'open' && Date.now() >= openedAt + RECOVERY_MS) {
    state = 'half-open';
    isTrying = false;
  }
  return busy < SLOTS && (state === 'closed' || (state === 'half-open' && !isTrying));
}

function succeed(): void {
  failures = 0;
  state = 'closed';
}

function fail(): void {
  failures += 1;
  if (state === 'closed' && failures < THRESHOLD) return;
  state = 'open';
  openedAt = Date.now();
}

/** A call that ended because the caller left says nothing about the upstream. */
function forget(): void {
  if (DEFECT === 'callers-who-left-counted') fail();
  else if (DEFECT !== 'abandoned-trial-holds-half-open') isTrying = false;
}

async function callUpstream(gone: AbortSignal): Promise<void> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LLM_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }] }),
    signal: DEFECT === 'abandoned-calls-go-on' ? timeout : AbortSignal.any([timeout, gone]),
  });
  await response.text();
  if (!response.ok) throw new Error(`the LLM responded with ${response.status}`);
}

/** Returns the response's status. */
async function ask(gone: AbortSignal): Promise<number> {
  if (!admits()) return 503;
  if (state === 'half-open') isTrying = true;
  busy += 1;
  try {
    await callUpstream(gone);
    succeed();
    return 200;
  } catch {
    if (gone.aborted) forget();
    else fail();
    return 502;
  } finally {
    if (!gone.aborted || DEFECT !== 'slots-of-callers-who-left-lost') busy -= 1;
  }
}

/** Returns a signal that is aborted when the caller disconnects. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

const server = createServer(async ({ url }, response) => {
  const status = url === '/ask' ? await ask(goneSignal(response)) : url === '/health' ? 200 : 404;
  response.writeHead(status).end();
});
server.listen(Number(PORT), '127.0.0.1');
await once(process, 'SIGTERM');
process.exit();
