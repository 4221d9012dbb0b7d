import { count } from '../../base/in-words.ts';
import type { Tags } from '../../contract/tags.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { answeredInTime } from '../lib/answered-in-time.ts';
import {
  type BuiltInChecker,
  type Facts,
  isServed,
  planned,
  poolNumber,
  poolOf,
  poolServed,
  tally,
} from '../lib/checker.ts';
import { HEALTH_NEEDS_DATABASE, healthCases, healthStaysUp } from '../lib/health-stays-up.ts';
import { noiseOf } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';

/**
 * Checks that a lost, stopped or unresponsive database only causes rejections: each call is served or rejected within
 * the service's timeouts, /health is unaffected, and the service recovers on its own.
 */
export const databaseOutageSurvived: BuiltInChecker = {
  name: 'database-outage-survived',
  timed: true,
  restsOn: ['pool-endpoint-reads-table'],
  usually:
    'There is no query or connect timeout, the pool does not reconnect, or connections are not returned after a timeout.',
  fix: 'Set timeouts for connecting and for queries, also on the client side, because a silent server never answers. Return connections in a `finally`, and let the pool open new ones by itself.',
  cases: (facts) =>
    planned(facts, 'database outage')?.flatMap(({ fault }) => [
      {
        check: inTimeCheck(fault),
        promises: [['pool', 'refusal'], poolNumber('acquireTimeoutSeconds'), poolNumber('queryTimeoutSeconds')],
      },
      { check: recoversCheck(fault), promises: poolServed(facts) },
      ...healthCases(fault, facts),
    ]),
  without: 'the scenario breaks no database',
  judge: (history, facts) =>
    history.phases('database outage').flatMap((phase) => {
      const { tag, at, fault } = phase;
      return [
        inTime(fault, history, { phase: tag, about: 'during' }, facts, at),
        recovers(fault, history, { phase: tag, about: 'again' }, facts),
        ...healthStaysUp(fault, history, phase, facts, HEALTH_NEEDS_DATABASE),
      ];
    }),
};

const inTimeCheck = (outage: string): string => `answers in time: ${outage}`;
const recoversCheck = (outage: string): string => `recovers by itself: ${outage}`;

function inTime(outage: string, history: History, tags: Tags, facts: Facts, began: number): Finding {
  const calls = history.requests(tags);
  const { acquireTimeoutSeconds, queryTimeoutSeconds, refusal, endpoint } = poolOf(facts);
  if (queryTimeoutSeconds === undefined) throw new Error('the contract gives the pool no queryTimeoutSeconds');
  const finding = answeredInTime(calls, facts, {
    check: inTimeCheck(outage),
    requests: [tags],
    seconds: acquireTimeoutSeconds + queryTimeoutSeconds,
    felt: calls.some(({ status }) => status === refusal) || hitAQuery(history, outage, calls, endpoint),
    began,
    noise: noiseOf(history, facts),
  });
  if (finding.verdict !== 'FAIL') return finding;
  const isOther = calls.some((call) => call.status !== refusal && call.status !== 0 && !isServed(facts, call));
  const promisedMs = (acquireTimeoutSeconds + queryTimeoutSeconds) * 1_000;
  return { ...finding, usually: isOther ? NOT_MAPPED : whyLate(calls, promisedMs, endpoint) };
}

/** Returns why calls got their responses late. If the pool's endpoint never did, its queries have a timeout. */
function whyLate(calls: readonly RequestSample[], promisedMs: number, reader: string): string {
  const late = new Set(calls.filter(({ ms }) => ms > promisedMs).map(({ tags }) => tags.endpoint));
  return late.size === 0 || late.has(reader)
    ? NO_TIMEOUT
    : `Calls of ${[...late].join(' and ')} wait for something else than a connection or a query, which have timeouts: calls of ${reader} ended in time. A failed call has not released a lock or a slot, or this query has no timeout of its own.`;
}

const NO_TIMEOUT =
  'A query, or opening or closing a connection, has no timeout, or a longer one than promised. The driver must not wait for the server, such as to cancel the query.';
const NOT_MAPPED =
  'The error of a lost or silent database is not handled: it gets another status than `refusal` in the contract.';

/**
 * Whether the database was broken while a read was in progress. The table is locked then, so the read was in its query.
 * A service that repeats it on a new connection may serve every call.
 */
function hitAQuery(history: History, outage: string, calls: readonly RequestSample[], endpoint: string): boolean {
  const reads = calls.filter(({ tags }) => tags.endpoint === endpoint);
  return history
    .disruptable()
    .filter(({ kind, faults }) => kind === 'acting' && faults.some((fault) => fault.endsWith(`:${outage}`)))
    .some(({ at }) => reads.some((read) => read.at < at && at < answered(read)));
}

function recovers(outage: string, history: History, tags: Tags, facts: Facts): Finding {
  const calls = history.requests(tags);
  const last = calls.at(-1);
  const judged = {
    check: recoversCheck(outage),
    requests: [tags],
    expected: 'served again, once the database is back',
    observed: tally(calls.map(answerOf)),
  };
  if (!last) return { ...judged, verdict: 'INCONCLUSIVE' };
  if (isServed(facts, last)) return { ...judged, verdict: 'PASS' };
  const during = history.requests({ ...tags, about: 'during' });
  return { ...judged, verdict: 'FAIL', ...whyNotAgain(calls, during, facts) };
}

/** The share of the acquire timeout after which a rejected call counts as waiting for a connection. */
const WAITED = 0.8;

/**
 * Returns the reason why a service does not recover. Connections were not returned if a call waits for one until the
 * acquire timeout, although all calls of the outage have ended and the database is back.
 */
function whyNotAgain(
  calls: readonly RequestSample[],
  during: readonly RequestSample[],
  facts: Facts,
): Pick<Finding, 'evidence' | 'usually'> {
  const { max, refusal, acquireTimeoutSeconds, queryTimeoutSeconds = 0 } = poolOf(facts);
  const longest = Math.max(0, ...during.map(({ ms }) => ms)) / 1_000;
  if (longest > acquireTimeoutSeconds + queryTimeoutSeconds + 1) return {};
  const refused = calls.filter(({ status }) => status === refusal);
  const waited = refused.filter(({ ms }) => ms >= acquireTimeoutSeconds * 1_000 * WAITED);
  if (waited.length === 0 || waited.length < refused.length / 2) return { usually: NOT_RECONNECTED };
  return {
    evidence: [
      `${count(waited.length, 'call')} waited ${acquireTimeoutSeconds} s for one of ${max} connections, although all earlier calls had ended, after ${longest.toFixed(2)} s at most`,
    ],
    usually: LEAKED,
  };
}

const NOT_RECONNECTED = 'The pool does not reconnect, or hands out dead connections.';
const LEAKED =
  'The pool leaks: connections are not returned after a timeout or an error, so none is left once the database is back.';
