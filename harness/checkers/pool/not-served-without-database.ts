import type { z } from 'zod';
import { count } from '../../base/in-words.ts';
import type { promises } from '../../contract/contract.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { DATABASE } from '../../contract/uses-postgres.ts';
import { answerOf } from '../../history/answer-of.ts';
import { tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, isServed, isServedWithout, planned, tally } from '../lib/checker.ts';
import { isMostlyDelayed, noiseOf } from '../lib/noise.ts';

/**
 * Checks that no endpoint that needs the database is served while it is away: it would answer without its data. These are
 * the pool's endpoint, and endpoints that list `database` in `reaches`. With `servedWithout: [database]`, they must be
 * served instead. Only outages count that last from before the call until after its answer.
 */
export const notServedWithoutDatabase: BuiltInChecker = {
  name: 'not-served-without-database',
  restsOn: ['steady-state', 'pool-endpoint-reads-table'],
  usually:
    'An error of the database is taken for an empty result, so callers get a success, or "not found", without the data.',
  fix: 'Let errors of the database through, and map them to the refusal of the pool. If the data is optional, promise it: `servedWithout: [database]`.',
  cases: (facts) =>
    planned(facts, 'database outage')?.length === 0
      ? []
      : needing(facts.contract).map((endpoint) => ({
          check: checkOf(endpoint),
          promises: promisesOf(facts, endpoint),
        })),
  without: 'no endpoint needs the database (`endpoints.NAME.reaches`)',
  judge(history, facts) {
    const noise = noiseOf(history, facts);
    const phases = history.phases('database outage');
    return needing(facts.contract).map((endpoint): Finding => {
      const tags = { about: 'during', down: DATABASE, endpoint } as const;
      const calls = history.requestsIn(phases, tags);
      const isOptional = isServedWithout(facts, endpoint, DATABASE);
      const wrong = calls.filter((call) => isServed(facts, call) !== isOptional && !isMostlyDelayed(call, noise));
      const [first] = wrong;
      return {
        check: checkOf(endpoint),
        requests: tagsIn(phases, tags),
        expected: isOptional ? 'served, as the database is optional' : 'not served while the database is away',
        observed:
          calls.length === 0
            ? 'not called'
            : `${count(calls.length, 'call')}: ${tally(calls.map(answerOf))}${first ? ` (${history.titleOf(first.tags)})` : ''}`,
        verdict: first ? 'FAIL' : calls.length > 0 ? 'PASS' : 'INCONCLUSIVE',
      };
    });
  },
};

const checkOf = (endpoint: string): string => `without the database: ${endpoint}`;

type Contract = Pick<z.output<typeof promises>, 'endpoints' | 'pool'>;

/** Returns the endpoints that need the database. One with a cache may be served from it. */
export const needing = ({ endpoints, pool }: Contract): string[] =>
  Object.entries(endpoints).flatMap(([name, { reaches, answers }]) =>
    (reaches.includes(DATABASE) || name === pool?.endpoint) && answers?.cache === undefined ? name : [],
  );

function promisesOf(facts: Facts, endpoint: string): PromisePath[] {
  const { reaches = [] } = facts.contract.endpoints[endpoint] ?? {};
  const isOptional = isServedWithout(facts, endpoint, DATABASE);
  const field = isOptional ? 'servedWithout' : reaches.includes(DATABASE) ? 'reaches' : 'served';
  return [['endpoints', endpoint, field]];
}
