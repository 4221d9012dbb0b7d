import type { PromisedQuota } from '../../../mocks/promised-quota.ts';
import { count } from '../../base/in-words.ts';
import { DATABASE } from '../../contract/uses-postgres.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { tells } from '../../history/tells.ts';
import type { Change, Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, callsAsEvidence, type Facts, isServed, tally } from '../lib/checker.ts';
import { type EntryOrNone, eachEntry } from '../lib/each-entry.ts';
import { pressedQuotas, pressureOn, type Quota } from './quota-windows.ts';

/** The most calls to show. */
const SHOWN = 5;

/**
 * Checks what calls beyond the quota of an upstream get: the promised status, or, if they are queued, the answer later.
 * Without a promise, they are served later or refused with any error except 500, and they are never left without an
 * answer.
 */
export const beyondQuotaAnswered: BuiltInChecker = {
  name: 'beyond-quota-answered',
  restsOn: ['steady-state', 'quota-kept'],
  usually:
    'The error of the limiter is not handled and becomes a 500, the queue is full or gives up before the quota has room, or the 429 of the upstream is passed on with another status.',
  fix: 'Handle the error of the limiter in the endpoint: respond with the promised status and Retry-After, or keep the call in the queue until the window has room.',
  cases: (facts) =>
    pressedQuotas(facts).map((quota) => ({
      check: checkOf(quota),
      promises: [['upstreams', quota.upstream, 'quota', quota.whole.beyond === undefined ? quota.resource : 'beyond']],
    })),
  without: 'no upstream has a quota (upstreams.NAME.quota)',
  judge: (history, facts) =>
    pressedQuotas(facts).flatMap((quota) =>
      eachEntry(history.phases(pressureOn(quota), { upstream: quota.upstream })).map((phase) =>
        judge(history, facts, phase, quota),
      ),
    ),
};

const checkOf = ({ upstream, resource }: Quota): string => `calls beyond the quota of ${resource}: ${upstream}`;

const expectedOf = ({ beyond }: PromisedQuota): string => {
  if (beyond === undefined) return 'each call is served, or refused with an error other than 500';
  return beyond === 'queued'
    ? 'each call is served, if need be later'
    : `each call is served, or refused with ${beyond}`;
};

function judge(history: History, facts: Facts, phase: EntryOrNone, quota: Quota): Finding {
  const { upstream, resource, whole } = quota;
  const calls = history.sentIn(phase).filter(tells);
  const arrived = history.receiptsIn(phase, upstream).length;
  const [served, others] = [
    calls.filter((call) => isServed(facts, call)),
    calls.filter((call) => !isServed(facts, call)),
  ];
  const wrong = others.filter((call) => !mayGet(whole, call.status) && !isOtherRefusal(facts, upstream, call));
  const finding = {
    check: checkOf(quota),
    requests: tagsIn(phase),
    expected: expectedOf(whole),
    observed: `${count(calls.length, 'call')}: ${tally(calls.map(({ status }) => status))}`,
  };
  if (wrong.length > 0) {
    const evidence = callsAsEvidence(wrong, calls[0]?.at ?? 0).slice(0, SHOWN);
    const changes = changesFor(quota, wrong);
    const usually = causeOf(quota, wrong);
    return {
      ...finding,
      evidence,
      ...(usually !== undefined && { usually }),
      ...(changes.length > 0 && { changes }),
      verdict: 'FAIL',
    };
  }
  // Those who waited did so while the upstream could have got their calls.
  const isBeyond = others.length > 0 || waitedIn(served, quota) > 0;
  const why =
    arrived === 0
      ? `no request reached ${upstream}`
      : `no call was refused, and none waited: no ${resource} were missing`;
  return isBeyond && arrived > 0
    ? { ...finding, verdict: 'PASS' }
    : { ...finding, evidence: [why], verdict: 'INCONCLUSIVE' };
}

const mayGet = ({ beyond }: PromisedQuota, status: number): boolean =>
  beyond === undefined ? status >= 400 && status !== 500 : status === beyond;

/** Whether a call may have been refused for another promised reason: too many requests or calls in progress, or the pool. */
function isOtherRefusal({ contract, numbers }: Facts, upstream: string, { status, tags }: RequestSample): boolean {
  const { endpoint = '' } = tags;
  const inProgress = numbers.requestsInProgress[endpoint]?.refusal;
  const ofPool = contract.endpoints[endpoint]?.reaches.includes(DATABASE) ? contract.pool?.refusal : undefined;
  const isQueueFull = contract.upstreams[upstream]?.queueSeconds !== undefined && status >= 400 && status !== 500;
  return isQueueFull || status === inProgress || status === ofPool;
}

/** A call that takes this share of a window has waited for the quota. */
const WAITED = 0.1;

const waitedIn = (calls: readonly RequestSample[], { seconds }: Quota): number =>
  calls.filter(({ ms }) => ms >= seconds * 1_000 * WAITED).length;

/** Returns the likely cause if all wrong answers have the same one. */
function causeOf(quota: Quota, wrong: readonly RequestSample[]): string | undefined {
  const { beyond } = quota.whole;
  if (wrong.every(({ status }) => status === 500)) return 'The error of the limiter is not handled and becomes a 500.';
  if (wrong.some(({ status }) => status < 400 || status === 500)) return undefined;
  if (beyond !== 'queued') return `Calls beyond the quota are refused with another status than ${beyond}.`;
  return waitedIn(wrong, quota) === wrong.length
    ? 'The queue gives up before the quota has room: calls wait, and are refused then.'
    : 'Calls beyond the quota are refused at once instead of waiting, or the queue is full.';
}

/** Returns the status that describes what all these calls got, if it is the same one. */
function changesFor({ upstream }: Quota, wrong: readonly RequestSample[]): Change[] {
  const [status, ...others] = new Set(wrong.map((call) => call.status));
  const isRefusal = status !== undefined && status >= 400 && status !== 500 && others.length === 0;
  return isRefusal ? [{ path: ['upstreams', upstream, 'quota', 'beyond'], value: status }] : [];
}
