import { answerOf } from '../../history/answer-of.ts';
import type { FaultEvent, RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, hasPool, isServed, planned, poolOf, tally } from '../lib/checker.ts';
import { answered, secondsBetween } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import { unpromisedLimit, whyNotServed } from './why-not-served.ts';

/**
 * Checks that the service works again after an outage: once all faults are healed, every call in the phases `steady
 * again` is served. Also measures the recovery time, from each heal until a call that reaches the upstream is served.
 */
export const recovers: BuiltInChecker = {
  name: 'recovers',
  restsOn: [
    'steady-state',
    'upstreams-over-tls',
    'breaker-opens',
    'breaker-reopens',
    'breaker-closes',
    'outages-apart',
    'hung-trial-given-up',
    'late-results-ignored',
    'abandoned-calls-count-nothing',
    'abandoned-trial-ends',
    'failure-policy',
    'redirects-get-no-credentials',
    'slots-released',
    'pool-recovers',
    'pool-leaks-nothing',
  ],
  usually: 'A breaker or connection pool does not recover by itself, or dead connections are reused after the outage.',
  fix: 'Check connections before use, or reopen them after an error. Let the breaker try again by itself when its timeout ends.',
  cases: (facts) => [
    // Which endpoints are called depends on the script. `endpoints-served` judges each of them.
    { check: 'steady state after', promises: [] },
    ...(planned(facts, ...HEALED)?.length ? [{ check: TIME_CHECK, promises: [] }] : []),
  ],
  judge(history, facts) {
    const phases = history.phases('steady again');
    const calls = history.requestsIn(phases);
    const failed = calls.filter((call) => !isServed(facts, call));
    const limit = unpromisedLimit(history, facts, failed);
    const isWhole = calls.length > 0 && calls.length === history.sentIn(phases).length;
    const after: Finding = {
      check: 'steady state after',
      requests: tagsIn(phases),
      expected: 'every call is served',
      observed: tally(calls.map(answerOf)),
      verdict:
        failed.length > 0 && limit === undefined ? 'FAIL' : isWhole && failed.length === 0 ? 'PASS' : 'INCONCLUSIVE',
      ...(failed.length > 0 && whyNotServed(history, facts, failed)),
      ...(limit !== undefined && { usually: limit, lasting: true }),
    };
    return [after, ...timeToRecover(history, facts)];
  },
};

const TIME_CHECK = 'time to recover';

/** Phases in which, or at the end of which, scripts always heal an upstream that an endpoint reaches. */
const HEALED = [
  'back',
  'closed',
  'crowd',
  'database outage',
  'failing',
  'fallback',
  'hung trial',
  'left',
  'neighbour has left',
  'recovery beside',
  'redirected',
  'row',
  'stays',
  'trial',
  'volley',
] as const;

const reaches = ({ contract: { endpoints, pool } }: Facts, endpoint: string, upstream: string): boolean =>
  endpoints[endpoint]?.reaches.includes(upstream) === true || (upstream === 'database' && endpoint === pool?.endpoint);

function timeToRecover(history: History, facts: Facts): Finding[] {
  const faults = history.all('fault');
  const judged = { check: TIME_CHECK, expected: 'served again after every heal' };
  const times = faults.flatMap((heal, index) => (heal.id === undefined ? recovery(heal, faults.slice(index + 1)) : []));
  if (times.length === 0) return [];
  const unserved = times.find((time) => typeof time !== 'number');
  if (unserved !== undefined) {
    const observed = `not served before the next fault: ${tally(unserved.calls.map(answerOf))}`;
    const limit = unpromisedLimit(history, facts, unserved.calls);
    if (limit !== undefined) return [{ ...judged, observed, verdict: 'INCONCLUSIVE', usually: limit, lasting: true }];
    return [{ ...judged, observed, verdict: 'FAIL', ...whyUnserved(history, facts, unserved) }];
  }
  const seconds = Math.max(...times.filter((time) => typeof time === 'number'));
  const observed = `${seconds.toFixed(2)} s${times.length > 1 ? `, the longest of ${times.length}` : ''}`;
  return [{ ...judged, observed, verdict: 'PASS', secondsToRecover: seconds }];

  /**
   * Returns the number of seconds until a call was served: an empty list if there were no calls, and the calls if none
   * was served.
   */
  function recovery({ at, upstream }: FaultEvent, later: readonly FaultEvent[]): (number | Unserved)[] {
    // A service that is stopped recovers when it continues.
    const healed = history.all('freeze').find((freeze) => freeze.at <= at && at < freeze.until)?.until ?? at;
    const until = later.find((fault) => fault.upstream === upstream)?.at ?? Number.POSITIVE_INFINITY;
    const calls = history.requests({}).filter((call) => {
      // On the generator's clock, a call made right after the heal may appear to come before it.
      const from = isServed(facts, call) ? healed - CLOCKS_MS : healed;
      return call.at >= from && call.at < until && reaches(facts, call.tags.endpoint ?? '', upstream);
    });
    const first = calls.find((call) => isServed(facts, call));
    return calls.length === 0 ? [] : [first ? secondsBetween(healed, answered(first)) : { upstream, calls }];
  }
}

/** The calls after an upstream was healed, none of which was served. */
interface Unserved {
  readonly upstream: string;
  readonly calls: readonly RequestSample[];
}

/** The share of the promised time to wait for a connection after which a call has waited for one. */
const WAITED = 0.9;

function whyUnserved(history: History, facts: Facts, { upstream, calls }: Unserved): Pick<Finding, 'usually'> {
  const seconds = upstream === 'database' && hasPool(facts) ? poolOf(facts).acquireTimeoutSeconds : undefined;
  if (seconds !== undefined && calls.every(({ ms }) => ms >= seconds * 1_000 * WAITED)) {
    return {
      usually: `No call got a connection of the pool within ${seconds} s, although the database worked again: failed calls keep their connections, or the pool doesn't replace those that the outage broke.`,
    };
  }
  const { usually } = whyNotServed(history, facts, calls);
  return usually === undefined ? {} : { usually };
}
