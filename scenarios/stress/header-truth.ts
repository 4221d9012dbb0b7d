import type { RefinedResponse, ResponseType } from 'k6/http';
import { Trend } from 'k6/metrics';
import type { Proof } from '../../harness/contract/proof.ts';
import type { ScriptTags } from '../../harness/contract/tags.ts';
import { context, find, promised, skipElsewhere } from '../lib/context.ts';
import { turns, WINDOW } from '../lib/lasting.ts';
import { inRounds, LIMIT_CLIENTS, takeTurn } from '../lib/limit-clients.ts';
import { call, tagsOf } from '../lib/service.ts';
import { nextClockWindow, pause, pauseUntil } from '../lib/wait.ts';
import { awaitClockWindow, needWindows } from '../lib/windows.ts';

export { limitClientOptions as options } from '../lib/limit-clients.ts';
export { handleSummary } from '../lib/summary.ts';

const { headers, retryAfter, window } = context.limiter;
promised(headers[0] ?? (retryAfter ? 'Retry-After' : undefined), 'limiter.headers and no limiter.retryAfter');

skipElsewhere('its headers may use the time of its own clock');
needWindows();

/**
 * Shares of a window: between the starts of two clients, before the first poll for the next allowed request, and
 * between polls.
 */
const [APART, FROM, EVERY] = [0.1, 0.9, 0.015];

export const proof: Proof = {
  about:
    'Uses up each limit and compares the rate-limit headers with what happens: the limit, the remaining requests, ' +
    'and when the next request is allowed.',
  judges: 'rate-limit headers',
  clients: LIMIT_CLIENTS,
  seconds: 2 + WINDOW + turns(LIMIT_CLIENTS, APART),
  conditions: [],
  holds: ['rate-limit-header-truth'],
};

/** Number of requests in a burst beyond the limit. */
const BEYOND = 3;
/** Number of windows after which the script stops waiting for a request to be allowed. */
const MOST = 3;

const LIMIT_HEADERS = /^(retry-after|(x-)?ratelimit(-(limit|remaining|reset|policy))?)$/i;

/** The status of each response, with its rate-limit headers as tags. */
const answerHeaders = new Trend('answer_headers');

/** One client for each limit. They start one after another. */
export default async function (): Promise<void> {
  const { limit, windowMs } = await takeTurn(APART);
  await inRounds(windowMs, (round) => useUpAndComeBack(limit, windowMs, round));
}

/**
 * Sends requests one after another until some are rejected, and then until one is allowed. Returns whether the burst
 * was in time.
 */
async function useUpAndComeBack(limit: string, windowMs: number, round: string): Promise<boolean> {
  await awaitClockWindow(windowMs);
  const began = Date.now();
  const ends = window === 'clock' ? nextClockWindow(windowMs) : began + windowMs;
  const { max } = find(context.limits, limit);
  for (let sent = 0; sent < max + BEYOND; sent += 1) await ask(limit, { limit, round, step: 'burst' });
  const inTime = Date.now() < ends;
  await pauseUntil(ends - (1 - FROM) * windowMs);
  while ((await ask(limit, { limit, round, step: 'again' })) === 429 && Date.now() < began + MOST * windowMs) {
    await pause(EVERY * windowMs);
  }
  return inTime;
}

async function ask(limit: string, tags: ScriptTags): Promise<number> {
  const sent = Date.now();
  const response = await call(limit, tags);
  if (response.status > 0)
    answerHeaders.add(response.status, { ...tagsOf(tags), sent: String(sent), ...limitHeadersIn(response) });
  return response.status;
}

/** Returns the rate-limit headers by lowercase name. */
function limitHeadersIn(response: RefinedResponse<ResponseType | undefined>): Record<string, string> {
  const found = Object.entries(response.headers).filter(([name]) => LIMIT_HEADERS.test(name));
  return Object.fromEntries(found.map(([name, text]) => [name.toLowerCase(), text]));
}
