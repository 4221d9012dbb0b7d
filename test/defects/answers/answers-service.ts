/**
 * A service that answers everything with 200, as APIs with GraphQL, JSON-RPC and tools of MCP do: refusals and failures
 * are errors in the body. FORM says in which form. The argument is a defect, if any.
 */
import { createServer } from 'node:http';
import { SimpleBreaker } from '../upstreams/simple-breaker.ts';
import { type Problem, problemIn, resultIn } from './forms.ts';

const { PORT, LLM_URL, LIMIT, FORM = 'graphql' } = process.env;
const [, , DEFECT] = process.argv;

const MAX = DEFECT === 'limit-in-bodies-not-enforced' ? Number.POSITIVE_INFINITY : Number(LIMIT);
const WINDOW_MS = 2_000;
const AT_ONCE = DEFECT === 'one-too-many-at-once-in-bodies' ? 4 : 3;
const THRESHOLD = DEFECT === 'breaker-in-bodies-never-opens' ? Number.POSITIVE_INFINITY : 3;
const RECOVERY_MS = 1_000;
const TIMEOUT_MS = 500;

const breaker = new SimpleBreaker(THRESHOLD, RECOVERY_MS);
const windows = new Map<string, { until: number; used: number }>();
const inProgress = new Map<string, number>();

/** Returns why a client must wait, or undefined if it is within its limit. */
function limit(client: string): Problem | undefined {
  const now = Date.now();
  const known = windows.get(client);
  const window = known && known.until > now ? known : { until: now + WINDOW_MS, used: 0 };
  windows.set(client, window);
  window.used += 1;
  if (window.used <= MAX) return undefined;
  const late = DEFECT === 'retry-after-in-bodies-too-long' ? 3 : 0;
  return { code: 'RATE_LIMITED', retryAfter: Math.ceil((window.until - now) / 1_000) + late };
}

async function complete(): Promise<string> {
  const response = await fetch(`${LLM_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer gsk_answers', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: 'hello' }] }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the LLM answered ${response.status}`);
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? '';
}

/** Calls the LLM behind the breaker. Returns its text, or the problem. */
async function ask(): Promise<string | Problem> {
  if (!breaker.admits()) {
    return { code: 'UNAVAILABLE', retryAfter: Math.ceil((breaker.openUntil - Date.now()) / 1_000) };
  }
  breaker.begin();
  try {
    const text = await complete();
    breaker.succeed();
    return text;
  } catch {
    breaker.fail();
    return DEFECT === 'failure-in-bodies-passed-as-data' ? 'Sorry, something went wrong.' : { code: 'UPSTREAM_FAILED' };
  }
}

/** Works for a client, unless it has too many requests in progress. */
async function report(client: string): Promise<string | Problem> {
  const own = inProgress.get(client) ?? 0;
  if (own >= AT_ONCE) return { code: 'TOO_BUSY' };
  inProgress.set(client, own + 1);
  try {
    return await ask();
  } finally {
    inProgress.set(client, (inProgress.get(client) ?? 1) - 1);
  }
}

const WORK: Readonly<Record<string, (client: string) => Promise<string | Problem> | Problem>> = {
  '/ask': (client) => limit(client) ?? ask(),
  '/report': report,
};

/** Returns a result as the service reports it. With a defect, callers don't learn that a limit refused them. */
const reported = (result: string | Problem): string | Problem =>
  DEFECT === 'refusal-without-its-code' && typeof result !== 'string' && result.code === 'RATE_LIMITED'
    ? { code: 'INTERNAL' }
    : result;

createServer(async ({ url = '', socket }, response) => {
  const { pathname } = new URL(url, 'http://localhost');
  const work = WORK[pathname];
  if (!work) return void response.writeHead(pathname === '/health' ? 200 : 404).end();
  const result = reported(await work(socket.remoteAddress ?? ''));
  const body = typeof result === 'string' ? resultIn(FORM, result) : problemIn(FORM, result);
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}).listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
