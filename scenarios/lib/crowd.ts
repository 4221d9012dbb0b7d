import { Trend } from 'k6/metrics';
import { clientHeaders } from '../../harness/callers/client-headers.ts';
import type { PlannedAction } from '../../harness/contract/phases.ts';
import { context, find } from './context.ts';
import { lab } from './lab.ts';
import { call, composed, isServed, tagsOf } from './service.ts';
import { pause, until } from './wait.ts';

/** Number of other callers. Stores that forget counters often hold 1,000 of them. */
const CALLERS = 1_100;
/** How long they may take, in seconds, and the milliseconds between two requests of the client that is refused. */
const [SECONDS, EVERY_MS] = [12, 10];

/** A limit of more requests per second can't be used up by requests that come one after another. */
const MOST_PER_SECOND = 100;

const othersServed = new Trend('others_served');
const othersInOneWindow = new Trend('others_served_in_one_window');

/** Returns how many responses with these statuses were served. */
const servedIn = (endpoint: string, statuses: Readonly<Record<string, number>>): number =>
  Object.entries(statuses)
    .filter(([status]) => isServed(endpoint, Number(status)))
    .reduce((sum, [, n]) => sum + n, 0);

/**
 * The limit that is looked at beside a crowd, if any: one that each client has for itself, of an endpoint that calls
 * nothing else. The counters of all clients must live at once, so it is looked at with the profile that has the longest
 * window. The lab can play as many clients only if it decides how the service sees them.
 */
const [LIMIT] = Object.keys(context.limits)
  .filter((name) => {
    const { method, reaches } = find(context.endpoints, name);
    const { clients, max, windowSeconds, isLongest } = find(context.limits, name);
    const isSlow = max <= MOST_PER_SECOND * windowSeconds;
    return method === 'GET' && reaches.length === 0 && clients === 'apart' && isSlow && isLongest;
  })
  .sort((a, b) => find(context.limits, a).max - find(context.limits, b).max);
const hasManyClients =
  context.startedByLab && !context.isElsewhere && context.client !== 'key' && context.client !== 'user';

/** The phase, if the contract has such a limit. */
export const CROWD: PlannedAction<'crowd of clients'>[] =
  LIMIT !== undefined && hasManyClients && context.limiter.window !== 'weighted'
    ? [{ action: 'crowd of clients', endpoint: LIMIT }]
    : [];

/** Keeps a limit of this client used up while many other clients send a request each. */
export async function stayRefusedInCrowd(planned: PlannedAction<'crowd of clients'>): Promise<void> {
  const { endpoint } = planned;
  const phase = await lab.phase(planned);
  const tags = { phase, limit: endpoint };
  const request = await composed(endpoint);
  let [isRefused, isOver] = [false, false];
  const use = async () => {
    while (!isOver) {
      const { status } = await call(endpoint, { ...tags, step: 'in the crowd' });
      if (status !== 429) continue;
      isRefused = true;
      await pause(EVERY_MS);
    }
  };
  const crowd = async () => {
    const { windowSeconds } = find(context.limits, endpoint);
    // The client has used up its limit first. If it never does, there is nothing that a crowd could give back.
    await until(() => isRefused, Math.min(SECONDS, windowSeconds) * 1_000);
    if (!isRefused) {
      isOver = true;
      return;
    }
    const headers = { ...request.headers, ...clientHeaders(context.client, '${caller}') };
    const { meanings } = find(context.endpoints, endpoint);
    const isByClock = context.limiter.window === 'clock';
    const others = { callers: CALLERS, seconds: SECONDS, windowSeconds, isByClock, meanings };
    const { statuses, inOneWindow } = await lab.crowd({ ...request, headers }, others).finally(() => {
      isOver = true;
    });
    othersServed.add(servedIn(endpoint, statuses), tagsOf(tags));
    othersInOneWindow.add(servedIn(endpoint, inOneWindow), tagsOf(tags));
  };
  await Promise.all([use(), crowd()]);
  await call(endpoint, { ...tags, step: 'in the crowd' });
}
