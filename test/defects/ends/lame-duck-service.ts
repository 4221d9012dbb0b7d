/**
 * A service that answers everything with 503 for a second after SIGTERM, and then exits (see lame-duck.ts). Before that,
 * it serves requests for DRAIN_MS (see draining.ts), but is not ready. The argument is a defect. Without it, the service
 * is correct.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const { PORT, LLM_URL, LLM_API_KEY, DRAIN_MS = '0' } = process.env;
const [, , DEFECT] = process.argv;

/** How long the service refuses requests before it exits, in milliseconds. */
const LAME_MS = 1_000;
const SERVES_TO_THE_END = DEFECT === 'new-requests-served-to-the-end' || DEFECT === 'drains-to-the-end';

const inProgress = new Set<ServerResponse>();
let state: 'serving' | 'draining' | 'refusing' = 'serving';

function end(response: ServerResponse, status: number): void {
  if (!response.headersSent) response.writeHead(status, { Connection: 'close' }).end();
}

async function ask(): Promise<number> {
  const response = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LLM_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }] }),
  });
  await response.text();
  return response.ok ? 200 : 502;
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
  end(response, url === '/ask' ? await ask().catch(() => 502) : 200);
  inProgress.delete(response);
});
server.listen(Number(PORT), '127.0.0.1');

await once(process, 'SIGTERM');
if (DEFECT === 'requests-dropped-at-the-end') process.exit(0);
state = 'draining';
await sleep(Number(DRAIN_MS));
state = 'refusing';
if (DEFECT === 'hanging-calls-waited-for') {
  while (inProgress.size > 0) await sleep(20);
}
for (const response of inProgress) end(response, DEFECT === 'requests-failed-at-the-end' ? 500 : 503);
await sleep(LAME_MS);
process.exit(DEFECT === 'ends-with-another-code' ? 1 : 0);
