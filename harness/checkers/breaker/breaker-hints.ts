import { count } from '../../base/in-words.ts';
import { median } from '../../base/median.ts';
import { isUnserved } from '../../callers/meaning-of.ts';
import { promisedCallsOf } from '../../contract/attempts.ts';
import { isHttp } from '../../contract/is-http.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { Receipt, RequestSample } from '../../history/events.ts';
import type { History } from '../../history/history.ts';
import type { Change, Finding } from '../../verdict/finding.ts';
import { numberOf } from '../lib/breaker-promises.ts';
import { type Breaker, breakerOf, type Facts, isServed, isServedWithout, tally } from '../lib/checker.ts';
import { reachedDuring } from '../lib/reached-during.ts';
import { answered, overlap, secondsBetween } from '../lib/request-times.ts';
import { isOpenedByNone, notCounted, notCountedText } from './not-counted.ts';
import { ownBreakerHint } from './own-breaker-hint.ts';
import { pauseHint, strayBetween } from './pause-hint.ts';
import { sharedHint } from './shared-hint.ts';

/** A call that needs the breaker's upstream, and the request that it sent there, if any. */
interface Traced {
  readonly call: RequestSample;
  readonly arrival: Receipt | undefined;
}

/** When a breaker opened, as seen by its callers and its upstream. */
interface Opened {
  /** Consecutive failures before the opening, or the longest series of failures if it didn't open. */
  readonly failures: number;
  /** All failures and calls that reached the upstream up to then. */
  readonly failed: number;
  readonly reached: number;
  /** The calls from the first one that did not reach the upstream. Empty if it didn't open. */
  readonly later: readonly Traced[];
}

/** Why a breaker did not behave as described, and the change of the contract that would describe it, if known. */
interface Hint {
  readonly text: string;
  readonly change?: Change;
}

/** Returns a hint as a sentence. */
export const asSentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`;

const textOnly = (text: string): Hint => ({ text });

/** Returns the findings, with hints as the likely cause of the first one that failed. */
export function withOpeningHints(findings: readonly Finding[], history: History, facts: Facts): Finding[] {
  const first = findings.find(({ verdict }) => verdict === 'FAIL');
  if (first === undefined) return [...findings];
  const hints = hintsOf(history, facts);
  if (hints.length === 0) return [...findings];
  const changes = hints.flatMap(({ change }) => change ?? []);
  const usually = hints.map(({ text }) => asSentence(text)).join(' ');
  const explained = { ...first, usually, ...(changes.length > 0 && { changes }) };
  return findings.map((finding) => (finding === first ? explained : finding));
}

/**
 * Explains why a breaker did not open or reject calls as described, one line per reason. Each line says which part of
 * the contract or which of the service's settings to change.
 */
export const openingHints = (history: History, facts: Facts): string[] =>
  hintsOf(history, facts).map(({ text }) => text);

function hintsOf(history: History, facts: Facts): Hint[] {
  const breaker = breakerOf(facts);
  const traced = tracedUntilHalfOpen(history, facts, breaker);
  if (traced.length === 0) return [];
  const made = madeUpHint(traced, facts, breaker);
  if (made.length > 0) return made;
  const repeated = repeatedHint(history, traced, facts, breaker);
  if (repeated.length > 0) return repeated;
  const missing = notCounted(history, facts, breaker);
  if (missing.length > 0) return [textOnly(notCountedText(history, missing, breaker))];
  const opened = openedIn(traced, facts, breaker);
  const around = bypassHint(breaker, opened.later);
  const own = ownBreakerHint(history, facts);
  if (around.length + own.length > 0) return [...around, ...own].map(textOnly);
  const shared = sharedHint(history, facts, opened);
  const paused = opened.later.length > 0 ? pauseHint(history, facts, opened.failures) : [];
  if (shared.length === 0 && paused.length > 0) return paused.map(textOnly);
  return [
    ...shared.map(textOnly),
    ...(shared.length > 0 && opened.later.length > 0
      ? []
      : thresholdHint(breaker, opened, isOpenedByNone(history, facts, breaker))),
    ...refusalHint(breaker, opened.later),
    ...shortRecoveryHint(history, breaker, opened.later),
  ];
}

/** Whether calls were rejected before the script expected a trial, so that the breaker counts the failures. */
export function hasOpened(history: History, facts: Facts): boolean {
  const breaker = breakerOf(facts);
  return openedIn(tracedUntilHalfOpen(history, facts, breaker), facts, breaker).later.length > 0;
}

/** Calls that are served without a request to the upstream are neither failures nor rejections. */
function madeUpHint(traced: readonly Traced[], facts: Facts, { upstream }: Breaker): Hint[] {
  const needing = traced.filter(({ call }) => !isServedWithout(facts, call.tags.endpoint ?? '', upstream));
  const madeUp = needing.filter(({ call, arrival }) => arrival === undefined && isServed(facts, call));
  if (madeUp.length === 0) return [];
  const names = [...new Set(madeUp.map(({ call }) => call.tags.endpoint))].join(' and ');
  const statuses = tally(madeUp.map(({ call }) => answerOf(call)));
  return [
    textOnly(
      `answered without the upstream: calls of ${names} got ${statuses}, and no request reached ${upstream}. A cache, a ` +
        'default or another source answers in its place, perhaps with the answer for another caller',
    ),
  ];
}

/**
 * More requests than promised for a single call are retries below the breaker. They hide or multiply failures. A call
 * may send several requests anyway, which the steady state shows. Each endpoint may have another client.
 */
function repeatedHint(history: History, traced: readonly Traced[], facts: Facts, { upstream }: Breaker): Hint[] {
  const { attempts } = promisedCallsOf(facts.contract, upstream);
  const steady = history.phases('steady');
  const requestsOf = (call: RequestSample): number =>
    reachedDuring(history, upstream, [call]).filter(
      // Because clocks differ, an arrival may seem to be earlier than its call, but also be one of the call before.
      ({ at }) => at >= call.at || !traced.some((other) => other.call !== call && isDuring(other.call, at)),
    ).length;
  const usualOf = (endpoint: string): number =>
    Math.max(1, ...history.requestsIn(steady, { endpoint }).map(requestsOf));
  const failed = traced.filter(({ call, arrival }) => arrival !== undefined && !isServed(facts, call));
  const alone = failed.filter(({ call }) => !traced.some((other) => other.call !== call && overlap(call, other.call)));
  const byEndpoint = Map.groupBy(alone, ({ call }) => call.tags.endpoint ?? '');
  // A client repeats every failure. A single call with more requests may be one during which a service did other work.
  const sentBy = [...byEndpoint].map(([endpoint, of]) => ({
    endpoint,
    sent: Math.floor(median(of.map(({ call }) => requestsOf(call) / usualOf(endpoint)))),
  }));
  const retrying = sentBy.filter(({ sent }) => sent > attempts);
  if (retrying.length === 0) return [];
  const most = Math.max(...retrying.map(({ sent }) => sent));
  const isEach = retrying.length === sentBy.length && retrying.every(({ sent }) => sent === most);
  const who = isEach
    ? `calls are retried: each call sends ${most} requests to ${upstream}`
    : `some calls are retried: ${retrying.map(({ endpoint, sent }) => `each call of ${endpoint} sends ${sent} requests to ${upstream}`).join(', ')}`;
  return [
    textOnly(
      `${who}, and upstreams.${upstream}.calls promises ${count(attempts, 'attempt')}. Disable the retries of the client ` +
        `(such as maxRetries: 0), or promise them: upstreams.${upstream}.calls: { attempts: ${most} }`,
    ),
  ];
}

const isDuring = (call: RequestSample, at: number): boolean => at >= call.at && at <= answered(call);

/** A call of another endpoint that reaches the upstream while calls of the breaker's endpoint are still rejected. */
function bypassHint({ endpoint, upstream, recoverySeconds }: Breaker, later: readonly Traced[]): string[] {
  const due = (later[0]?.call.at ?? 0) + recoverySeconds * 1_000;
  const last = later.findLast(({ call, arrival }) => call.tags.endpoint === endpoint && arrival === undefined);
  const around = later.filter(
    ({ call, arrival }) =>
      arrival !== undefined && call.tags.endpoint !== endpoint && call.at < Math.min(due, last?.call.at ?? 0),
  );
  const names = [...new Set(around.map(({ call }) => call.tags.endpoint))];
  return names.map(
    (name) =>
      `an endpoint bypasses the breaker: ${name}. Its calls reach ${upstream} while those of ${endpoint} are refused`,
  );
}

/** Returns the calls that need the upstream, in order, until the script makes the first trial. */
function tracedUntilHalfOpen(history: History, { contract: { endpoints } }: Facts, { upstream }: Breaker): Traced[] {
  const until = history.phases('half-open')[0]?.at ?? Number.POSITIVE_INFINITY;
  const arrivals = history.receipts('request', upstream);
  const calls = history
    .requests({})
    .filter(({ at, tags: { endpoint = '' } }) => at < until && endpoints[endpoint]?.reaches.includes(upstream));
  return calls.map((call) => {
    const index = arrivals.findIndex(({ at }) => at >= call.at && at <= call.at + call.ms);
    return { call, arrival: index === -1 ? undefined : arrivals.splice(index, 1)[0] };
  });
}

function openedIn(traced: readonly Traced[], facts: Facts, { upstream, refusal }: Breaker): Opened {
  const isFailure = ({ call }: Traced) => !isServed(facts, call);
  // A client of a TCP server also fails calls while it reconnects, with the status of other failures.
  const isConnected = isHttp(facts.contract, upstream);
  const failed = new Set(traced.filter((trace) => trace.arrival && isFailure(trace)).map(({ call }) => call.status));
  const isRefused = (trace: Traced) =>
    trace.arrival === undefined &&
    isFailure(trace) &&
    (isConnected || trace.call.status === refusal || !failed.has(trace.call.status));
  const index = traced.findIndex(isRefused);
  const before = index === -1 ? traced : traced.slice(0, index);
  let row = 0;
  const rows = before.map((trace) => {
    row = isFailure(trace) ? row + 1 : 0;
    return row;
  });
  return {
    failures: (index === -1 ? Math.max(0, ...rows) : rows.at(-1)) ?? 0,
    failed: before.filter(isFailure).length,
    reached: before.length,
    later: index === -1 ? [] : traced.slice(index),
  };
}

/**
 * Returns the reason: the breaker never opens, opens late or early, or also counts other failures.
 *
 * @param isByNone Whether no kind of failure alone opens it, so that it is not known to have another threshold.
 */
function thresholdHint(
  { name, upstream, threshold, failures: kinds }: Breaker,
  opened: Opened,
  isByNone: boolean,
): Hint[] {
  const { failures, failed, reached, later } = opened;
  const share = `${failed} of ${count(reached, 'call')} had failed`;
  if (later.length === 0) {
    const listed = [...new Set(kinds.map(({ kind }) => kind))].join(', ');
    return [
      textOnly(
        `it never opens: after ${count(failures, 'failure')} in a row, calls still reach ${upstream}. Does it count these ` +
          `failures (${listed}), and does every call go through it? If its threshold is higher, lower it in the profile's ` +
          'environment',
      ),
    ];
  }
  if (threshold === undefined) {
    return [textOnly(`it opened when ${share}: compare opens with the service's settings`)];
  }
  if (failures === threshold) return [];
  if (failures === 0) return [textOnly('it refuses calls before any of them failed')];
  const inARow = `after ${count(failures, 'failure')} in a row instead of ${threshold}`;
  const advice =
    `set the service's threshold to ${threshold} in the profile's environment, or write ` +
    `breakers.${name}.threshold: ${failures}`;
  const change: Change = { path: numberOf({ name }, 'threshold'), value: failures };
  if (failures > threshold && isByNone) {
    return [
      textOnly(
        `it opens late, ${inARow}, and no kind of failure alone opens it, neither after ${threshold} nor after ` +
          `${failures} of it: it does not count these failures, or something else opened it. Does it count calls that ` +
          'the contract does not list, or open by a rate of failures?',
      ),
    ];
  }
  if (failures > threshold) {
    const ignored = `If it ignores some failures, chaos/${name}-failure-policy says which`;
    return [{ text: `it opens late, ${inARow}: ${advice}. ${ignored}`, change }];
  }
  const byRate = 'If it opens by a rate of failures, write opens instead of threshold';
  if (failed < threshold) {
    return [{ text: `it opens early, ${inARow}, when ${share}: ${advice}. ${byRate}`, change }];
  }
  if (failed === threshold) {
    return [
      textOnly(
        `a success does not set its count back to 0: it opened after ${count(failed, 'failure')} in all, of which only ` +
          `${failures} ${failures === 1 ? 'was' : 'were'} in a row. ${byRate}`,
      ),
    ];
  }
  return [
    textOnly(
      `it counts other failures, too: it opened ${inARow}, when ${share}. Does a success reset the count, and do only ` +
        `calls of ${upstream} count? ${byRate}`,
    ),
  ];
}

/** While the breaker is open, all rejected calls should have the status that the contract says. */
function refusalHint({ name, refusal }: Breaker, later: readonly Traced[]): Hint[] {
  const calls = later.filter(({ arrival }) => arrival === undefined).map(({ call }) => call);
  const statuses = calls.map(({ status }) => status);
  const other = statuses.find((status) => status !== refusal);
  if (other === undefined) return [];
  const isOne = other >= 400 && statuses.every((status) => status === other);
  const seen = `calls that did not reach its upstream got ${tally(calls.map(answerOf))}, and refusal is ${refusal}`;
  if (!isOne) return [textOnly(seen)];
  if (isUnserved(other)) {
    return [textOnly(`${seen}: if this is how the breaker refuses, describe it in \`refused\` of its endpoints`)];
  }
  const change: Change = { path: ['breakers', name, 'refusal'], value: other };
  return [{ text: `${seen}: write breakers.${name}.refusal: ${other}`, change }];
}

/** A call that reaches the upstream after others were rejected is a trial that came too early. */
function shortRecoveryHint(history: History, breaker: Breaker, later: readonly Traced[]): Hint[] {
  const { name, upstream, recoverySeconds } = breaker;
  const opened = later[0]?.call.at ?? 0;
  const trial = later.find(({ arrival }) => arrival !== undefined)?.arrival;
  if (!trial || trial.at - opened > recoverySeconds * 1_000) return [];
  const stray = strayBetween(history, breaker, opened, trial.at);
  if (stray) {
    return [
      textOnly(
        `before its recovery timeout was over, ${upstream} answered a request that belongs to no call (${stray.route}), ` +
          'and then a call reached it: if the service checks its upstream by itself, this success must not close the ' +
          'breaker',
      ),
    ];
  }
  return [
    textOnly(
      `a call reached its upstream ${secondsBetween(opened, trial.at).toFixed(1)} s after it opened: if that was a trial, ` +
        `its recovery timeout is shorter than breakers.${name}.recoverySeconds: ${recoverySeconds}`,
    ),
  ];
}
