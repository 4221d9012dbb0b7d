import type { Proof } from '../../harness/contract/proof.ts';
import type { Step } from '../../harness/contract/tags.ts';
import { context, find } from '../lib/context.ts';
import { widthOf } from '../lib/held-calls.ts';
import { turns, WINDOW } from '../lib/lasting.ts';
import { inRounds, LIMIT_CLIENTS, takeTurn } from '../lib/limit-clients.ts';
import { call } from '../lib/service.ts';
import { atMost, nextClockWindow, pauseUntil } from '../lib/wait.ts';
import { awaitClockWindow, BEGUN_MS, needWindows } from '../lib/windows.ts';

export { limitClientOptions as options } from '../lib/limit-clients.ts';
export { handleSummary } from '../lib/summary.ts';

needWindows();

/**
 * How long before the end of a window the first burst is sent, how much longer in each further round, and the time
 * between the starts of two clients, in windows.
 */
const [LEAD, MORE_LEAD, APART] = [0.3, 0.2, 0.15];

export const proof: Proof = {
  about:
    'Sends a burst just before a window ends, and another just after. Each gets exactly the number that the ' +
    'window model allows.',
  judges: 'window boundaries',
  clients: LIMIT_CLIENTS,
  seconds: 2 + WINDOW + turns(LIMIT_CLIENTS, APART),
  conditions: [],
  holds: ['rate-limit-window-boundary'],
};

/** Number of requests in a burst beyond the limit, and number of concurrent requests in a burst. */
const [BEYOND, IN_FLIGHT] = [5, 8];

/** One client for each limit. They start one after another so that their bursts don't compete for the machine. */
export default async function (): Promise<void> {
  const { limit, windowMs } = await takeTurn(APART);
  await inRounds(windowMs, (round, before) =>
    burstOnBothSides(limit, windowMs, round, (LEAD + before * MORE_LEAD) * windowMs),
  );
}

/**
 * Sends one request, a burst shortly before the end of its window, and another right after it. Returns whether the
 * timing was right.
 */
async function burstOnBothSides(limit: string, windowMs: number, round: string, leadMs: number): Promise<boolean> {
  const { max } = find(context.limits, limit);
  const burst = (step: Step, n: number) =>
    atMost(widthOf(limit, IN_FLIGHT), n, () => call(limit, { limit, round, step }));
  const isClock = context.limiter.window === 'clock';

  await awaitClockWindow(windowMs);
  const began = Date.now();
  await burst('opener', 1);
  const ends = isClock ? nextClockWindow(windowMs) : Date.now() + windowMs;
  await pauseUntil(ends - leadMs);
  await burst('before', max + BEYOND);
  const inTime = Date.now() < (isClock ? ends : began + windowMs);
  await pauseUntil(ends + BEGUN_MS);
  await burst('after', max + BEYOND);
  return inTime;
}
