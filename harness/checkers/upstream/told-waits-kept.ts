import { count } from '../../base/in-words.ts';
import type { RequestReceipt, RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned, tally } from '../lib/checker.ts';
import { type EntryOrNone, eachEntry } from '../lib/each-entry.ts';
import { noiseOf } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { CLOCKS_MS, RETRY_AFTER_MS, SEVERAL } from '../lib/tolerances.ts';

/** How long a service has to read the answer that tells it to wait, in milliseconds, besides the noise of the machine. */
const READ_MS = 100;

/** The header that each fault sends, as the script names it, and how it is called in a contract. */
const HEADERS = {
  'retry-after': { promise: 'retry-after', text: 'Retry-After in seconds' },
  'retry-after date': { promise: 'retry-after', text: 'Retry-After as a date' },
  'no requests remain': { promise: 'remaining', text: 'the rate-limit headers of requests' },
  'no tokens remain': { promise: 'remaining', text: 'the rate-limit headers of tokens' },
} as const;

/**
 * Checks that no call reaches an upstream before the time that it told the service to wait: by Retry-After in a 429, or
 * by rate-limit headers that say that nothing remains until a reset. One call gets this answer, and others come
 * meanwhile. A call afterwards must reach the upstream, which shows that nothing else kept them from it.
 *
 * The times are those at which the fake noted the requests. It notes one before it responds, so that no delay of the
 * machine can make a wait look shorter.
 */
export const toldWaitsKept: BuiltInChecker = {
  name: 'told-waits-kept',
  restsOn: ['steady-state'],
  usually:
    'The wait concerns only the call that got the answer, and other callers do not share it, or the header is ignored, read only in seconds, or in another form.',
  fix: 'Keep the time of the next call in one place for the upstream, and set it from Retry-After (seconds or a date), and from the reset if a remaining number is 0, also in answers with 200. Refuse or queue all calls until then.',
  cases: (facts) =>
    planned(facts, 'told to wait')?.map((phase) => ({
      check: checkOf(phase),
      promises: [['upstreams', phase.upstream, 'quota', 'obeys']],
    })),
  without: 'no upstream has a quota whose headers are obeyed (upstreams.NAME.quota.obeys)',
  judge: (history, facts) =>
    asPlanned(history, facts).flatMap((about) =>
      eachEntry(history.phases('told to wait', about)).map((phase) => judge(history, facts, phase, about)),
    ),
};

interface About {
  readonly upstream: string;
  readonly fault: string;
}

const promiseOf = (fault: string): string | undefined =>
  fault in HEADERS ? HEADERS[fault as keyof typeof HEADERS].promise : undefined;

const textOf = (fault: string): string => (fault in HEADERS ? HEADERS[fault as keyof typeof HEADERS].text : fault);

const checkOf = ({ upstream, fault }: About): string => `waits as told by ${textOf(fault)}: ${upstream}`;

/** Returns what the script plans or, without a plan, what it has begun. */
const asPlanned = (history: History, facts: Facts): About[] =>
  (planned(facts, 'told to wait') ?? history.phases('told to wait')).map(({ upstream, fault }) => ({
    upstream,
    fault,
  }));

function judge(history: History, facts: Facts, phase: EntryOrNone, about: About): Finding {
  const { upstream, fault } = about;
  const arrived = history.receiptsIn(phase, upstream).toSorted((a, b) => a.at - b.at);
  const meanwhile = history.sentIn(phase, { about: 'meanwhile' });
  const first = arrived.find(({ faults }) => faults.length > 0);
  const end = first && endOf(history, first);
  const finding = {
    check: checkOf(about),
    requests: tagsIn(phase),
    expected: `no call before the time of ${textOf(fault)}`,
  };
  if (!first || end === undefined) {
    return { ...finding, observed: `no call to ${upstream} got it`, verdict: 'INCONCLUSIVE' };
  }
  const later = arrived.filter(({ at, seq }) => at >= first.at && seq !== first.seq);
  // Until then, the service may not have read the answer.
  const read = first.at + READ_MS + noiseOf(history, facts)(first.at, first.at + READ_MS);
  const early = later.filter(({ at }) => at > read && at < end - RETRY_AFTER_MS);
  const waiting = meanwhile.filter(({ at }) => at > read && at < end - RETRY_AFTER_MS);
  const after = later.filter(({ at }) => at >= end - RETRY_AFTER_MS);
  const seconds = (time: number): string => ((time - first.at) / 1_000).toFixed(2);
  const observed = `${early.length} of ${count(waiting.length + 1, 'call')} too early, in the ${seconds(end)} s that it had to wait`;
  if (early.length > 0) {
    return {
      ...finding,
      observed,
      evidence: [`calls reached ${upstream} after ${early.map(({ at }) => seconds(at)).join(', ')} s`],
      usually: whyEarly(history, phase, about, { first, end, early, waiting }),
      changes: changesFor(facts, about),
      verdict: 'FAIL',
    };
  }
  if (waiting.length < SEVERAL)
    return { ...finding, observed, evidence: ['too few calls came meanwhile'], verdict: 'INCONCLUSIVE' };
  if (after.length === 0) {
    const evidence = [
      `no call reached ${upstream} afterwards: ${tally(history.sentIn(phase, { about: 'afterwards' }).map(({ status }) => status))}`,
    ];
    return { ...finding, observed, evidence, verdict: 'INCONCLUSIVE' };
  }
  return { ...finding, observed, verdict: 'PASS' };
}

/** Returns when the wait ends, in milliseconds since the epoch, from the fault that acted on a request. */
function endOf(history: History, { at, upstream, faults }: RequestReceipt): number | undefined {
  const ids = faults.map((fault) => fault.split(':')[0]);
  const fault = history.all('fault').find((set) => set.upstream === upstream && ids.includes(set.id));
  const { retryAfter, seconds } = (fault?.asked ?? {}) as { retryAfter?: Record<string, number>; seconds?: number };
  if (retryAfter?.dateInSeconds !== undefined) {
    // An HTTP date has whole seconds, of a clock that may be a little behind.
    return Math.floor((at - CLOCKS_MS) / 1_000 + retryAfter.dateInSeconds) * 1_000;
  }
  const waits = retryAfter?.seconds ?? seconds;
  return waits === undefined ? undefined : at + waits * 1_000;
}

/** The call that was told to wait, when it may come again, and those that came too early and that came meanwhile. */
interface TooEarly {
  readonly first: RequestReceipt;
  readonly end: number;
  readonly early: readonly RequestReceipt[];
  readonly waiting: readonly RequestSample[];
}

function whyEarly(
  history: History,
  phase: EntryOrNone,
  { upstream, fault }: About,
  { first, end, early, waiting }: TooEarly,
): string {
  const others = history
    .phases('told to wait', { upstream })
    .filter((other) => other.fault !== fault && promiseOf(other.fault) === promiseOf(fault))
    .filter((other) => isKept(history, history.receiptsIn(other, upstream)));
  const kept = others.map((other) => textOf(other.fault));
  const called = `${early.length} of ${count(waiting.length, 'call')} that came meanwhile reached ${upstream}`;
  if (kept.length > 0) return `The service does not obey ${textOf(fault)}, but ${kept.join(' and ')}: ${called}.`;
  const callers = history.sentIn(phase, { about: 'first' });
  const own = callers[0]?.tags.endpoint;
  // What was refused without a request to the upstream has waited.
  const [sameEndpoint, elsewhere] = [
    waiting.filter(({ tags }) => tags.endpoint === own),
    waiting.filter(({ tags }) => tags.endpoint !== own),
  ];
  if (elsewhere.length > 0 && sameEndpoint.length > 0 && early.length <= elsewhere.length && !isIn(sameEndpoint, early))
    return `Each endpoint waits on its own: ${called}, none of them from ${own}, which got the answer.`;
  if (first.status !== 429)
    return `The service does not read ${textOf(fault)} of an answer that was served: ${called}.`;
  return callers.some((call) => answered(call) >= end - RETRY_AFTER_MS)
    ? `The wait concerns only the call that got the 429: ${called}. Other callers do not share it.`
    : `The service ignores ${textOf(fault)} of a 429: ${called}.`;
}

/** Whether no request came before the one that was told to wait may come again. */
function isKept(history: History, arrived: readonly RequestReceipt[]): boolean {
  const waits = arrived.find(({ faults }) => faults.length > 0);
  const end = waits && endOf(history, waits);
  return end !== undefined && !arrived.some(({ at }) => at > (waits?.at ?? 0) && at < end - RETRY_AFTER_MS);
}

/** Whether a request arrived while one of these calls was in progress. */
const isIn = (calls: readonly RequestSample[], arrived: readonly RequestReceipt[]): boolean =>
  calls.some((call) => arrived.some(({ at }) => call.at - CLOCKS_MS <= at && at <= answered(call) + CLOCKS_MS));

/** Returns the change with which the contract would not promise to obey the header. */
function changesFor({ contract }: Facts, { upstream, fault }: About) {
  const { obeys = [] } = contract.upstreams[upstream]?.quota ?? {};
  return [
    { path: ['upstreams', upstream, 'quota', 'obeys'], value: obeys.filter((header) => header !== promiseOf(fault)) },
  ];
}
