import { count } from '../../base/in-words.ts';
import type { RequestSample } from '../../history/events.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, planned } from '../lib/checker.ts';
import { limitNumber } from './rate-limit-windows.ts';

/**
 * A request behind refused ones waits at most as long as behind others. From this ratio on, and if each of them costs
 * this many milliseconds more, refusing blocks the service.
 */
const [RATIO, EACH_MS] = [2, 2];
/** The same for a PASS. */
const [LOW_RATIO, LOW_EACH_MS] = [1.5, 1];
/** Minimum number of volleys of each kind. */
const ENOUGH = 3;

/**
 * Checks that refusing a request costs the other clients no more than serving it: with limits, the script sends volleys
 * of requests that are refused, and another request right behind each. Without limits, it sends the same.
 *
 * The fastest request of each kind is compared, because a busy machine only makes requests slower.
 */
export const refusalsDelayNobody: BuiltInChecker = {
  name: 'refusals-delay-nobody',
  restsOn: ['rate-limit-admits-exactly', 'rate-limit-bucket'],
  usually:
    'Refusing a request blocks the process: it sleeps or computes in the event loop, holds a lock, or writes synchronously.',
  fix: 'Refuse at once, and do nothing that blocks: no sleep in the event loop, no synchronous write, no lock during a wait.',
  cases: (facts) =>
    planned(facts, 'volleys')?.map(({ endpoint }) => ({
      check: checkOf(endpoint),
      promises: [limitNumber(endpoint, 'max')],
    })),
  without: 'no limit that each client has for itself, or no endpoint beside it that calls nothing',
  judge: (history, facts) =>
    (planned(facts, 'volleys') ?? []).map(({ endpoint }): Finding => {
      const phases = history.phases('volleys', { endpoint });
      const [on, off] = ['0', '1'].map((process) => {
        const sent = history.requestsIn(phases, { process });
        return [...Map.groupBy(sent, ({ tags }) => tags.round).values()].map(volleyOf);
      }) as [Volley[], Volley[]];
      const refused = on.filter(({ calls }) => calls.length > 0 && calls.every(({ status }) => status === 429));
      const others = off.filter(({ calls }) => calls.length > 0 && calls.every(({ status }) => !NOT_LET.has(status)));
      const [slow, usual] = [refused, others].map(fastest) as [number, number];
      const width = refused[0]?.calls.length ?? 0;
      const eachMs = (slow - usual) / width;
      const judged = {
        check: checkOf(endpoint),
        requests: tagsIn(phases, { about: 'behind' }),
        expected: `it waits no longer than behind as many requests without limits`,
        observed: `${slow.toFixed(1)} ms behind ${count(width, 'refused request')}, ${usual.toFixed(1)} ms without limits`,
      };
      if (Math.min(refused.length, others.length) < ENOUGH || !Number.isFinite(eachMs)) {
        const seen = `${refused.length} and ${others.length} volleys`;
        return {
          ...judged,
          observed: `too few volleys that were all refused, and all let through: ${seen}`,
          verdict: 'INCONCLUSIVE',
        };
      }
      if (slow >= RATIO * usual && eachMs >= EACH_MS) {
        const evidence = [
          `each refused request blocks others for ${eachMs.toFixed(1)} ms longer than a request without limits`,
        ];
        return { ...judged, evidence, verdict: 'FAIL' };
      }
      return { ...judged, verdict: slow < LOW_RATIO * usual || eachMs < LOW_EACH_MS ? 'PASS' : 'INCONCLUSIVE' };
    }),
};

const checkOf = (limit: string): string => `refused calls delay nobody: ${limit}`;

/** Statuses of requests that were not let through: refused, or without a response. */
const NOT_LET: ReadonlySet<number> = new Set([429, 0]);

interface Volley {
  readonly calls: readonly RequestSample[];
  readonly behind: readonly RequestSample[];
}

const volleyOf = (of: readonly RequestSample[]): Volley => ({
  calls: of.filter(({ tags }) => tags.about === 'volley'),
  behind: of.filter(({ tags, status }) => tags.about === 'behind' && !NOT_LET.has(status)),
});

/** Returns the duration of the fastest request behind these volleys, in milliseconds, or infinity. */
const fastest = (volleys: readonly Volley[]): number =>
  Math.min(...volleys.flatMap(({ behind }) => behind.map(({ ms }) => ms)));
