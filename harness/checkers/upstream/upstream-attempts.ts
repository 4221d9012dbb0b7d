import { count } from '../../base/in-words.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { isHttp } from '../../contract/is-http.ts';
import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import type { PromisePath } from '../../contract/promise-path.ts';
import { type History, type PhaseEntry, tagsIn } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Finding, Verdict } from '../../verdict/finding.ts';
import { type BuiltInChecker, breakerOf, type Facts, isOnPort, planned } from '../lib/checker.ts';
import { breakersOpenedBy } from './breakers-opened-by.ts';
import { type FailingCalls, type FailingPhase, failingCalls } from './failing-calls.ts';
import { failureIn, plannedFailure } from './failure.ts';
import { type Attempts, promisedAttempts } from './promised-attempts.ts';

/**
 * Checks that a call to an endpoint makes as many requests to a failing upstream as the contract promises, which is one
 * by default: a retry below a breaker hides failures from it, and makes an overload worse. With more attempts, all of
 * them are made for failures that the contract lists, and none is repeated for others. Where several calls fail at once,
 * the upstream must not get more requests than there are calls.
 */
export const upstreamAttempts: BuiltInChecker = {
  name: 'upstream-attempts',
  restsOn: ['steady-state', 'endpoints-reach-upstreams'],
  usually:
    'A client library retries by default (the openai and groq SDKs retry twice), a proxy tries the next server (`proxy_next_upstream` in nginx, `retry-on` in HAProxy, `lb_try_duration` in Caddy, `retry` in Varnish), the retries of two layers multiply, or a request is sent again in the background after its caller got an error. Set retries to 0, or promise them in upstreams.NAME.calls.',
  fix: 'Let only one layer retry, and disable retries in the others: `maxRetries: 0` for the SDKs of OpenAI, Groq and Anthropic. If the number is intended, promise it in `upstreams.NAME.calls`.',
  cases: (facts) => {
    const calls = planned(facts, 'failing');
    const rows = planned(facts, 'row', 'too late')?.filter((row) => isCounted(facts, row));
    return (
      calls &&
      rows && [
        ...calls.map((phase) => ({ check: checkOf(phase), promises: promisesOf(facts, phase) })),
        ...rows.map((row) => ({ check: rowCheck(row), promises: attemptsOf(facts, upstreamOf(facts, row)) })),
      ]
    );
  },
  without: 'no endpoint reaches an HTTP upstream (`endpoints.NAME.reaches`)',
  judge: (history, facts) => [
    ...failingCalls(history, facts).map((calls) => judgeAttempts(history, facts, calls)),
    ...[...history.phases('row'), ...history.phases('too late')]
      .filter((row) => isCounted(facts, row))
      .map((row) => judgeRow(history, facts, row)),
  ],
};

/** Phases in which each call makes one request to a breaker's upstream, because its failures are not repeated. */
type Row = PlannedAction<'row' | 'too late'>;

const upstreamOf = (facts: Facts, { breaker }: Row): string => breakerOf({ ...facts, breaker }).upstream;

/** Whether the upstream sees each request of a row. */
const isCounted = (facts: Facts, row: Row): boolean =>
  isHttp(facts.contract, upstreamOf(facts, row)) &&
  !(row.action === 'row' && row.faults.some((fault) => isOnPort(fault, facts)));

const rowCheck = (row: Row): string =>
  `one request for each call through ${row.breaker}: ${row.action === 'row' ? row.faults.join(', ') : 'too late'}`;

function judgeRow(history: History, facts: Facts, row: PhaseEntry<ActionPhase<Row['action']>>): Finding {
  const upstream = upstreamOf(facts, row);
  const calls = history.sentIn(row);
  const reached = history.receiptsIn(row, upstream).length;
  const most = calls.reduce((sum, { tags }) => sum + requestsOfCall(facts, tags.endpoint ?? '', upstream), 0);
  return {
    check: rowCheck(row),
    requests: tagsIn(row),
    expected: `at most ${count(most, 'request')} to ${upstream}`,
    observed: `${count(reached, 'request')} for ${count(calls.length, 'call')}`,
    verdict: reached > most ? 'FAIL' : reached > 0 ? 'PASS' : 'INCONCLUSIVE',
  };
}

/** Returns how many requests a call makes: an endpoint may list an upstream more than once. */
const requestsOfCall = ({ contract }: Facts, endpoint: string, upstream: string): number =>
  Math.max(1, contract.endpoints[endpoint]?.reaches.filter((name) => name === upstream).length ?? 1);

/** Returns the promise of the number of attempts, if the contract describes the calls to the upstream. */
const attemptsOf = ({ contract }: Facts, upstream: string): PromisePath[] =>
  typeof contract.upstreams[upstream]?.calls === 'object' ? [['upstreams', upstream, 'calls', 'attempts']] : [];

const checkOf = ({ upstream, fault, endpoint }: Omit<FailingPhase, 'action'>): string =>
  `attempts at ${upstream}: ${fault}, ${endpoint}`;

/** Returns the promises that say how many attempts are made after a failure. */
function promisesOf(facts: Facts, phase: FailingPhase): PromisePath[] {
  const { upstream } = phase;
  const attempts = attemptsOf(facts, upstream);
  const { saidBy } = promisedAttempts(facts, upstream, plannedFailure(facts, phase));
  return attempts.length > 0 && saidBy ? [...attempts, ['upstreams', upstream, 'calls', saidBy]] : attempts;
}

function judgeAttempts(history: History, facts: Facts, calls: FailingCalls): Finding {
  const { phase, upstream, again, reached, met } = calls;
  const attempts = promisedAttempts(facts, upstream, failureIn(history, facts, calls));
  const { least, most } = attempts;
  const later = reached.length - met.length;
  const whileFailing = least === most ? count(most, 'request') : `${least} to ${count(most, 'request')}`;
  const verdict = verdictOf(facts, calls, attempts);
  const isTooFew = verdict === 'FAIL' && met.length < calls.failing.length * least;
  const evidence = isTooFew ? [forAllEndpoints(upstream)] : layersIn(met.length, most);
  return {
    check: checkOf(calls),
    requests: tagsIn(phase),
    expected: `${whileFailing} while it fails, ${again.length} afterwards`,
    observed: `${count(met.length, 'request')} while it failed, ${later} afterwards`,
    verdict,
    ...(evidence.length > 0 && { evidence }),
    ...(verdict === 'FAIL' && whyOther(facts, calls, attempts)),
    ...(moreThanPromised(facts, calls) && {
      changes: [{ path: ['upstreams', upstream, 'calls', 'attempts'], value: met.length }],
    }),
  };
}

/** Whether a single call made more attempts than a contract promises for any failure, so that it could promise them. */
const moreThanPromised = ({ contract }: Facts, { upstream, failing, met }: FailingCalls): boolean =>
  failing.length === 1 && met.length > promisedCallsOf(contract, upstream).attempts;

function verdictOf(facts: Facts, calls: FailingCalls, { least, most }: Attempts): Verdict {
  const { upstream, endpoint, failing, again, reached, met } = calls;
  const each = requestsOfCall(facts, endpoint, upstream);
  const afterwards = again.length * each;
  if (reached.length > failing.length * each * most + afterwards) return 'FAIL';
  if (met.length === 0) return 'INCONCLUSIVE';
  if (met.length < failing.length * least) {
    const isOver = failing.every((call) => call.status !== 0 && tells(call));
    return isOver && breakersOpenedBy(met.length, upstream, facts).length === 0 ? 'FAIL' : 'INCONCLUSIVE';
  }
  return reached.length - met.length === afterwards ? 'PASS' : 'INCONCLUSIVE';
}

/** Returns the cause if the number of attempts tells it. With one attempt promised, anything may repeat a request. */
function whyOther(facts: Facts, calls: FailingCalls, { least, most }: Attempts): Pick<Finding, 'usually'> {
  const { upstream, endpoint, failing, again, reached, met } = calls;
  const { attempts } = promisedCallsOf(facts.contract, upstream);
  const each = requestsOfCall(facts, endpoint, upstream);
  if (met.length < failing.length * least) {
    return {
      usually: `The call makes ${met.length} of ${least} attempts: the service does not repeat this failure, or its number of attempts is lower.`,
    };
  }
  if (reached.length - met.length > again.length * each) {
    return {
      usually: 'A request is sent again in the background, after its caller got an error: more requests came later.',
    };
  }
  if (attempts === 1) return {};
  return most === 1
    ? { usually: 'The service repeats a failure that upstreams.NAME.calls lists as one that is not repeated.' }
    : {
        usually: `The call makes ${met.length} attempts instead of ${most}: the number of retries is higher: some clients count retries, others attempts, and a proxy may try each of its servers.${met.length % most === 0 ? ' Or another layer repeats all attempts.' : ''}`,
      };
}

const forAllEndpoints = (upstream: string): string =>
  `upstreams.${upstream}.calls.on promises all attempts for every endpoint: remove it if some endpoints do not retry`;

/** Explains that the retries of layers multiply, if the number of requests is a power of the promised one. */
function layersIn(requests: number, promised: number): string[] {
  if (promised === 1 || requests <= promised || requests % promised !== 0) return [];
  return [`${requests} is ${requests / promised} × ${promised}, as if another layer repeated all attempts`];
}
