import { count } from '../../base/in-words.ts';
import { answerOf } from '../../history/answer-of.ts';
import type { RequestSample } from '../../history/events.ts';
import { type History, tagsIn } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Case, type Facts, isServed, planned, tally, withEvidence } from '../lib/checker.ts';
import { whatIsLeft } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { CLOCKS_MS } from '../lib/tolerances.ts';
import {
  after,
  type Ending,
  type EndPhase,
  endingIn,
  inProgress,
  NO_TERMINATION,
  ofTermination,
  signalOf,
} from './ending.ts';

const checkOf = (facts: Facts): string => `streams in progress at ${signalOf(facts)}`;
const endlessCheckOf = (facts: Facts): string => `endless streams at ${signalOf(facts)}`;

/** The faults with which an upstream stops a stream. */
const STOPS = /:(slow-first-token|stall)$/;

/** How a stream ended. */
type End = 'complete' | 'an error' | 'status 503' | 'cut off' | 'an early end without an error' | `status ${string}`;

/**
 * Checks that streams in progress at SIGTERM are finished, or report an error to their callers if the contract allows
 * that. The upstream sends the rest of each stream a moment later, so none can be complete before. Streams that the
 * upstream never continues may be cut off, but must not end as if they were complete.
 */
export const streamsAtEnd: BuiltInChecker = {
  name: 'streams-at-end',
  timed: true,
  restsOn: ['steady-state', 'streams-complete', 'ends-when-told-to'],
  usually:
    'The process exits, or closes its connections, without waiting for streams, or it ends them as if they were complete.',
  fix: 'Count streams as requests in progress, and exit when the last one has ended. When the promised time is over, send an event with an error or destroy the connection.',
  cases(facts) {
    const { termination } = facts.contract;
    if (!termination) return [];
    const promises = ofTermination(facts, [termination.streams === undefined ? 'inFlight' : 'streams']);
    const finished = planned(facts, 'streams at SIGTERM')?.map((): Case => ({ check: checkOf(facts), promises }));
    const endless = planned(facts, 'calls and streams hang at SIGTERM')?.map(
      (): Case => ({ check: endlessCheckOf(facts), promises: [] }),
    );
    return finished && endless && [...finished, ...endless];
  },
  without: `no endpoint that reaches an HTTP upstream streams its answer (endpoints.NAME.stream), or ${NO_TERMINATION}`,
  judge(history, facts) {
    const { streams, inFlight } = facts.contract.termination ?? {};
    const mayFail = streams === 'error' || (streams === undefined && inFlight !== 'finished');
    return [
      ...judge(history, facts, {
        check: checkOf(facts),
        phases: history.phases('streams at SIGTERM'),
        about: 'stream',
        good: mayFail ? ['complete', 'an error', 'status 503'] : ['complete'],
        expected: mayFail ? 'each is complete, ends with an error or gets 503' : 'each is complete',
      }),
      ...judge(history, facts, {
        check: endlessCheckOf(facts),
        phases: history.phases('calls and streams hang at SIGTERM'),
        about: 'endless stream',
        good: ['an error', 'cut off'],
        mayBeRefused: true,
        expected: 'no stream ends as if it were complete',
      }),
    ];
  },
};

interface Promised extends Pick<Finding, 'check' | 'expected'> {
  readonly phases: readonly EndPhase[];
  readonly about: string;
  readonly good: readonly End[];
  /** Whether an error status is also allowed, such as 504 from a service that has sent nothing yet. */
  readonly mayBeRefused?: boolean;
}

const judge = (history: History, facts: Facts, promised: Promised): Finding[] =>
  promised.phases.map((phase) => judgeEntry(history, facts, phase, promised));

function judgeEntry(
  history: History,
  facts: Facts,
  phase: EndPhase,
  { about, good, mayBeRefused = false, check, expected }: Promised,
): Finding {
  const ending = endingIn(history, phase);
  const calls = ending ? inProgress(history, ending, about) : [];
  const continued = phase.action === 'streams at SIGTERM' ? continuedBy(history, ending?.at) : Number.POSITIVE_INFINITY;
  const ends = calls.map((call) => ({ call, end: endOf(history, facts, call, { phase, about, continued }) }));
  const wrong = ends.filter(({ end }) => !good.includes(end) && !(mayBeRefused && end.startsWith('status ')));
  const finding = {
    check,
    expected,
    requests: tagsIn(phase, { about }),
    observed: `${count(calls.length, 'stream')}: ${tally(ends.map(({ end }) => end))}`,
  };
  if (!ending || wrong.length === 0) {
    const isEnough = calls.length > 0 && hasStopped(history, ending);
    const complete = ends.filter(({ end }) => end === 'complete').map(({ call }) => continued - answered(call));
    const early = Math.max(0, ...complete);
    return withEvidence(
      { ...finding, verdict: isEnough ? 'PASS' : 'INCONCLUSIVE' },
      whatIsLeft('measured: completed before the upstream continued, by', early, CLOCKS_MS, 0),
    );
  }
  const evidence = wrong.map(({ call, end }) => `${call.tags.endpoint}: ${end}, ${after(ending, answered(call))}`);
  return { ...finding, evidence, verdict: 'FAIL' };
}

/** Whether an upstream had stopped a stream before SIGTERM. */
function hasStopped(history: History, ending: Ending | undefined): boolean {
  if (!ending) return false;
  const before = history.disruptable().filter(({ at }) => at >= ending.phase.at && at < ending.at);
  return before.some(({ faults }) => hasStop(faults));
}

/**
 * Returns the time from which streams may be complete. Before it, upstreams sent nothing after SIGTERM: no heal was asked
 * for, and no upstream's response ended. On a busy machine, both a heal and the end of a response are recorded late.
 */
function continuedBy(history: History, signalled = 0): number {
  const heal = history.all('fault').find(({ at, id }) => at > signalled && id === undefined);
  const answers = history.all('receipt').map((receipt) => {
    const isWhole = receipt.kind === 'request' && receipt.outcome === 'answered' && hasStop(receipt.faults);
    return isWhole && receipt.endedAt !== null && receipt.endedAt > signalled
      ? receipt.endedAt
      : Number.POSITIVE_INFINITY;
  });
  return Math.min(heal?.askedAt ?? heal?.at ?? Number.POSITIVE_INFINITY, ...answers);
}

const hasStop = (faults: readonly string[]): boolean => faults.some((fault) => STOPS.test(fault));

interface Streams {
  readonly phase: EndPhase;
  readonly about: string;
  /** When the upstream sent the rest. */
  readonly continued: number;
}

/** Returns how a stream in progress at SIGTERM ended. */
function endOf(history: History, facts: Facts, call: RequestSample, { phase, about, continued }: Streams): End {
  const { status, tags } = call;
  const isNoted = (metric: string) => history.metricIn(metric, phase, { about, caller: tags.caller ?? '' }).length > 0;
  if (isNoted('errors_in_streams')) return 'an error';
  if (status === 0) return 'cut off';
  if (!isServed(facts, call)) return `status ${answerOf(call)}`;
  const isWhole = isNoted('complete_streams') && answered(call) > continued - CLOCKS_MS;
  return isWhole ? 'complete' : 'an early end without an error';
}
