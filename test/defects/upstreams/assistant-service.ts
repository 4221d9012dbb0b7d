/**
 * A service with a breaker and a limited number of concurrent calls, which end when their callers leave (see
 * assistant.ts). The argument is a defect. Without it, the service is correct.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { SimpleBreaker } from './simple-breaker.ts';

const { PORT, LLM_URL, LLM_API_KEY } = process.env;
const [, , DEFECT] = process.argv;

const TIMEOUT_MS = 10_000;
const SLOTS = 20;

const breaker = new SimpleBreaker(5, 1_000);
let busy = 0;

/** A call that ended because the caller left says nothing about the upstream. */
function forget(): void {
  if (DEFECT === 'callers-who-left-counted') breaker.fail();
  else if (DEFECT !== 'abandoned-trial-holds-half-open') breaker.forget();
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
  if (busy >= SLOTS || !breaker.admits()) return 503;
  breaker.begin();
  busy += 1;
  try {
    await callUpstream(gone);
    breaker.succeed();
    return 200;
  } catch {
    if (gone.aborted) forget();
    else breaker.fail();
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
