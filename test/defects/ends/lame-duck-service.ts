/**
 * A service that answers everything with 503 for a second after SIGTERM, and then exits (see lame-duck.ts). Before
 * that, it serves requests for DRAIN_MS (see draining.ts), but is not ready. Its calls may last for longer than its end
 * (see long-calls.ts). The argument is a defect. Without it, the service is correct.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const { PORT, LLM_URL, LLM_API_KEY, LLM_TIMEOUT_MS = '4500', DRAIN_MS = '0' } = process.env;
const [, , DEFECT] = process.argv;

/** How long the service refuses requests before it exits, in milliseconds. */
const LAME_MS = 1_000;
const SERVES_TO_THE_END = DEFECT === 'new-requests-served-to-the-end' || DEFECT === 'drains-to-the-end';

const inProgress = new Set<ServerResponse>();
let state: 'serving' | 'draining' | 'refusing' = 'serving';

function end(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, { Connection: 'close' }).end();
}

/** Ends a request in progress. A stream that has begun tells its caller of an error. */
function interrupt(response: ServerResponse): void {
  if (!response.headersSent) end(response, DEFECT === 'requests-failed-at-the-end' ? 500 : 503);
  else if (DEFECT === 'streams-cut-at-the-end') response.destroy();
  else response.end(LAST_EVENTS[DEFECT ?? ''] ?? 'data: {"error":{"message":"the service ends"}}\n\n');
}

/** The last events of streams that end as if they were complete. */
const LAST_EVENTS: Readonly<Record<string, string>> = {
  'streams-just-ended-at-the-end': '',
  'streams-completed-at-the-end': 'data: [DONE]\n\n',
};

const callUpstream = (stream: boolean, signal?: AbortSignal): Promise<Response> =>
  fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LLM_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }], stream }),
    ...(signal && { signal }),
  });

async function ask(answer: ServerResponse): Promise<void> {
  const late = AbortSignal.timeout(Number(LLM_TIMEOUT_MS));
  try {
    const response = await callUpstream(false, late);
    await response.text();
    end(answer, response.ok ? 200 : 502);
  } catch (error) {
    if (!late.aborted) throw error;
    end(answer, 504);
  }
}

/** Passes a stream on. */
async function chat(answer: ServerResponse): Promise<void> {
  const { ok, body } = await callUpstream(true);
  if (!ok || answer.headersSent) return end(answer, 502);
  answer.writeHead(200, { 'content-type': 'text/event-stream', Connection: 'close' });
  for await (const chunk of body ?? []) {
    if (answer.writableEnded) return;
    answer.write(chunk);
  }
  answer.end();
}

/** How the service treats a request that arrives after SIGTERM. */
function whileEnding(url: string | undefined): 'serve' | 'refuse' | 'forget' {
  if (DEFECT === 'ready-to-the-end' && url === '/ready') return 'serve';
  if (DEFECT === 'ready-until-it-refuses' && state === 'draining') return 'serve';
  if (url === '/ready') return 'refuse';
  if (state === 'draining' || SERVES_TO_THE_END) return 'serve';
  return DEFECT === 'new-requests-left-unanswered' ? 'forget' : 'refuse';
}

const server = createServer(async ({ url }, response) => {
  const how = state === 'serving' ? 'serve' : whileEnding(url);
  if (how === 'refuse') end(response, 503);
  if (how !== 'serve') return;
  inProgress.add(response);
  const act = url === '/ask' ? ask : url === '/chat' ? chat : (answer: ServerResponse) => end(answer, 200);
  await Promise.resolve(act(response)).catch(() => end(response, 502));
  inProgress.delete(response);
});
server.listen(Number(PORT), '127.0.0.1');

await once(process, 'SIGTERM');
if (DEFECT === 'requests-dropped-at-the-end') process.exit(0);
state = DEFECT === 'requests-refused-while-it-should-drain' ? 'refusing' : 'draining';
if (DEFECT === 'streams-interrupted-at-once') {
  for (const response of inProgress) if (response.headersSent) interrupt(response);
}
await sleep(Number(DRAIN_MS));
state = 'refusing';
if (DEFECT === 'hanging-calls-waited-for' || DEFECT === 'long-calls-waited-for') {
  while (inProgress.size > 0) await sleep(20);
}
for (const response of inProgress) interrupt(response);
await sleep(LAME_MS);
process.exit(DEFECT === 'ends-with-another-code' ? 1 : 0);
