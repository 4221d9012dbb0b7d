import type { PlannedAction } from '../../harness/contract/phases.ts';
import { context, find, limitNames, shareCounter } from './context.ts';
import { crowdOf, widthOf } from './held-calls.ts';
import { lab } from './lab.ts';
import { call } from './service.ts';
import { atMost, together } from './wait.ts';

/** Number of volleys to each process, and the maximum number of requests in one. */
const [VOLLEYS, MOST] = [5, 20];
/** Number of concurrent requests that use up the limit. */
const IN_FLIGHT = 8;

const reached = (endpoint: string): number => find(context.endpoints, endpoint).reaches.length;
const limitOf = (endpoint: string) => context.limits[endpoint];

/** The limit to use up: of an endpoint that calls as little as possible, with as few requests as possible. */
const [LIMIT = ''] = limitNames()
  .filter((name) => limitOf(name)?.clients === 'apart')
  .sort((a, b) => reached(a) - reached(b) || find(context.limits, a).max - find(context.limits, b).max);

/** Without limits, the requests of a volley must not be refused because of those in progress. */
const WIDTH = crowdOf(LIMIT, MOST);

/** Whether an endpoint can be called behind each volley, which must not use up a limit. */
function isAnother(name: string): boolean {
  if (LIMIT === '') return false;
  const { method } = find(context.endpoints, name);
  const limit = limitOf(name);
  const isLet = !limit || (limit.max > VOLLEYS && limit.clients === 'apart' && !shareCounter(name, LIMIT));
  return name !== LIMIT && method === 'GET' && reached(name) === 0 && isLet;
}

/** The endpoint to call behind each volley: if possible, one with a limit, because a limiter may block only those. */
const [BEHIND] = Object.keys(context.endpoints)
  .filter(isAnother)
  .sort((a, b) => Number(limitOf(a) === undefined) - Number(limitOf(b) === undefined));

/** The phase, if the contract has such endpoints. */
export const REFUSED_VOLLEYS: PlannedAction<'volleys'>[] =
  LIMIT !== '' && BEHIND !== undefined ? [{ action: 'volleys', endpoint: LIMIT }] : [];

/**
 * Sends volleys to two processes in turn, and another request right behind each. The first process refuses the
 * requests in them, and the second one has no limits.
 */
export async function sendVolleys(): Promise<void> {
  for (const planned of REFUSED_VOLLEYS) {
    const phase = await lab.phase(planned);
    for (let round = 1; round <= VOLLEYS; round += 1) {
      for (const process of [0, 1]) {
        if (process === 0) await useUp({ phase, about: 'used up' });
        const tags = { phase, round: String(round), process: String(process) };
        await together(WIDTH + 1, (index) =>
          index < WIDTH
            ? call(LIMIT, { ...tags, about: 'volley' }, { process })
            : call(BEHIND as string, { ...tags, about: 'behind' }, { process }),
        );
      }
    }
  }
}

/** Uses up the limit, which may have begun anew. */
async function useUp(tags: Parameters<typeof call>[1]): Promise<void> {
  const { status } = await call(LIMIT, tags);
  if (status !== 429) await atMost(widthOf(LIMIT, IN_FLIGHT), find(context.limits, LIMIT).max, () => call(LIMIT, tags));
}
