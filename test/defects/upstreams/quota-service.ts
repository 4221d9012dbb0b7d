/** A service that keeps the quota of its upstream (see quota.ts). The argument is a defect, if any. */
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

const { PORT, LLM_URL, QUEUE_SECONDS = '0' } = process.env;
const [, , DEFECT] = process.argv;

const WINDOW_MS = 2_000;
const MAX = { requests: 10, tokens: QUEUE_SECONDS === '0' ? 1_000 : Number.POSITIVE_INFINITY };
/** The service's clock is not that of the upstream, where requests arrive a little later or earlier. */
const MARGIN_MS = 60;
const LONGEST_ANSWER = 60;
const QUEUE_MS = DEFECT === 'queue-given-up' ? 300 : Number(QUEUE_SECONDS) * 1_000;

interface Use {
  readonly at: number;
  tokens: number;
}

/** What has been used of the quota in the last window, and when the upstream may be called again. */
class Quota {
  #uses: Use[] = [];
  pausedUntil = 0;

  /** Takes a request with so many tokens if it fits. */
  take(tokens: number): Use | undefined {
    const now = performance.now();
    if (DEFECT === 'nothing-limited') return { at: now, tokens };
    if (Date.now() < this.pausedUntil) return undefined;
    this.#uses = this.#uses.filter(({ at }) => isCounted(at, now));
    const used = this.#uses.reduce((sum, use) => sum + use.tokens, 0);
    const others = DEFECT === 'full-bucket' ? this.#notRefilled(now) : this.#uses.length;
    if (others + 1 > MAX.requests || used + tokens > MAX.tokens) return undefined;
    const use = { at: now, tokens };
    if (DEFECT !== 'counted-after-the-call') this.#uses.push(use);
    return use;
  }

  /** Corrects what a request has used when its answer has come. */
  settle(use: Use, tokens: number): void {
    if (DEFECT === 'counted-after-the-call') this.#uses.push(use);
    if (DEFECT !== 'answers-not-counted') use.tokens = tokens;
  }

  #level = 0;
  #at = 0;

  /** The level of a bucket that leaks all the time. */
  #notRefilled(now: number): number {
    this.#level = Math.max(0, this.#level - ((now - this.#at) * MAX.requests) / WINDOW_MS);
    this.#at = now;
    if (this.#level + 1 <= MAX.requests) this.#level += 1;
    else return MAX.requests;
    return 0;
  }
}

function isCounted(at: number, now: number): boolean {
  if (DEFECT === 'full-bucket') return false;
  if (DEFECT === 'windows-at-fixed-times') return Math.floor(at / WINDOW_MS) === Math.floor(now / WINDOW_MS);
  return now - at < WINDOW_MS + MARGIN_MS;
}

const shared = new Quota();
const quotas = new Map<string, Quota>();

function quotaOf(path: string): Quota {
  if (DEFECT !== 'quota-for-each-endpoint') return shared;
  const quota = quotas.get(path) ?? new Quota();
  quotas.set(path, quota);
  return quota;
}

/** Returns the tokens to reserve for a call. */
function reserved(body: string): number {
  if (DEFECT === 'tokens-counted-afterwards') return 0;
  return Math.ceil(body.length / 4) + (DEFECT === 'answers-not-counted' ? 0 : LONGEST_ANSWER);
}

/** Notes until when the upstream must not be called. */
function obey(quota: Quota, { status, headers }: Response): void {
  const after = headers.get('retry-after');
  if (status === 429 && after !== null && DEFECT !== 'retry-after-of-quota-ignored') {
    const ms = /^\d+$/.test(after)
      ? Number(after) * 1_000
      : DEFECT === 'dates-not-read'
        ? 0
        : Date.parse(after) - Date.now();
    quota.pausedUntil = Date.now() + ms;
  }
  for (const of of DEFECT === 'remaining-not-read' ? [] : ['requests', 'tokens']) {
    const seconds = /^([\d.]+)s$/.exec(headers.get(`x-ratelimit-reset-${of}`) ?? '')?.[1];
    if (headers.get(`x-ratelimit-remaining-${of}`) !== '0' || seconds === undefined) continue;
    quota.pausedUntil = Date.now() + Number(seconds) * 1_000;
  }
}

/** Waits in the queue until the quota has room. */
async function turn(quota: Quota, tokens: number): Promise<Use | undefined> {
  const end = Date.now() + QUEUE_MS;
  if (DEFECT === 'queue-emptied-at-once') {
    const use = quota.take(tokens);
    if (use) return use;
    await pause(WINDOW_MS / 2);
    return { at: performance.now(), tokens };
  }
  for (;;) {
    const use = quota.take(tokens);
    if (use || Date.now() >= end) return use;
    await pause(20);
  }
}

async function answer(path: string, question: string, response: ServerResponse): Promise<void> {
  const body = JSON.stringify({
    model: 'gpt-5.6-luna',
    max_completion_tokens: LONGEST_ANSWER,
    messages: [{ role: 'user', content: question }],
  });
  const quota = quotaOf(path);
  const use = await turn(quota, reserved(body));
  if (!use) return void response.writeHead(DEFECT === 'refused-with-500' ? 500 : 429, { 'Retry-After': '1' }).end();
  const headers = { authorization: 'Bearer sk-clerk', 'content-type': 'application/json' };
  const called = await fetch(`${LLM_URL}/chat/completions`, { method: 'POST', headers, body });
  obey(quota, called);
  const { usage, choices } = (await called.json()) as {
    usage?: { total_tokens: number };
    choices?: { message: { content: string } }[];
  };
  quota.settle(use, usage?.total_tokens ?? 0);
  if (!called.ok) return void response.writeHead(called.status === 429 ? 429 : 502).end();
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ answer: choices?.[0]?.message.content }));
}

const server = createServer(async (request, response) => {
  const { url = '' } = request;
  if (url === '/health') return void response.end();
  if (!['/ask', '/summarize'].includes(url)) return void response.writeHead(404).end();
  const { question } = (await json(request)) as { question: string };
  await answer(url, question, response).catch(() => response.writeHead(502).end());
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
