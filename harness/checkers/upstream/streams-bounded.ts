import type { Stream } from '../../contract/schema/stream.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, withEvidence } from '../lib/checker.ts';
import { isGivenUp, unlessGivenUp } from '../lib/given-up.ts';
import { judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { type FailingPhase, whyNotFelt } from './failing-calls.ts';
import { type FailingStreams, failingStreams, ifStreamed, plannedStreams } from './failing-streams.ts';

/** The promise about the time after which a call ends, by the fault with which the upstream's stream never does. */
const BOUNDS: Readonly<Record<string, 'firstEventSeconds' | 'stallSeconds'>> = {
  'keep-alives': 'firstEventSeconds',
  drip: 'firstEventSeconds',
  stall: 'stallSeconds',
} satisfies Record<string, keyof Stream>;

/**
 * Checks that a call ends in time although the stream of the upstream never does. The upstream sends only keep-alives
 * or parts of an event, or nothing more after some events. These events are sent as soon as the call reaches the
 * upstream, so the times of single events at the caller are not needed.
 */
export const streamsBounded: BuiltInChecker = {
  name: 'streams-bounded',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    'The timeout ends with the first bytes, restarts with all further bytes, even keep-alives, or covers only the headers.',
  fix: 'Limit the time between two events that carry content, and the time of the whole stream. Comments and empty lines are not content.',
  cases: (facts) =>
    plannedStreams(facts)?.flatMap((streams) => {
      const { bound, seconds } = boundOf(streams);
      if (seconds === undefined) return [];
      return [{ check: checkOf(streams), promises: [['endpoints', streams.endpoint, 'stream', bound]] }];
    }),
  without:
    'no endpoint has a promised time for streams that never end (endpoints.NAME.stream: firstEventSeconds, stallSeconds)',
  judge: (history, facts) =>
    failingStreams(history, facts).flatMap((streams) => {
      const { seconds } = boundOf(streams);
      return seconds === undefined ? [] : [judge(history, facts, streams, seconds)];
    }),
};

const checkOf = ({ fault, upstream, endpoint }: FailingPhase): string =>
  `ends in time: ${fault} of ${upstream}, ${endpoint}`;

/** Returns the promised time that a fault is judged with, in seconds, and its name in the contract. */
function boundOf({ fault, promise }: Pick<FailingStreams, 'fault' | 'promise'>) {
  const bound = BOUNDS[fault];
  return { bound: bound ?? '', seconds: bound && promise[bound] };
}

function judge(history: History, facts: Facts, streams: FailingStreams, seconds: number): Finding {
  const { phase, fault, failing, met } = streams;
  const why = whyNotFelt(streams);
  const noise = noiseOf(history, facts);
  const isStall = BOUNDS[fault] === 'stallSeconds';
  // A real server takes a while to send its first events, but no longer than for a whole answer.
  const healthyMs = isStall ? Math.max(0, ...streams.again.map(({ ms }) => ms)) : 0;
  const times = failing.map((call) => {
    const from = (isStall ? met[0]?.at : undefined) ?? call.at;
    return { call, from, ms: answered(call) - from };
  });
  const excess = times.map(({ call, from, ms }) => ({
    call,
    of: [ms - seconds * 1_000, healthyMs + LATE_MS, noise(from, from + ms)] as const,
  }));
  const late = excess.map(({ call, of }) => unlessGivenUp(judgeExcess(...of), call));
  const [longest] = excess.toSorted((a, b) => b.of[0] - a.of[0]);
  const left = longest ? whatIsLeft('measured: too late by', ...longest.of) : [];
  const evidence = why === undefined ? left : [why];
  const unanswered = failing.some(isGivenUp) ? ', without an end' : '';
  const finding: Finding = {
    check: checkOf(phase),
    requests: tagsIn(phase, { about: 'failing' }),
    expected: `within ${seconds} s ${isStall ? 'after the last event' : 'without an event'}`,
    observed: `after ${(Math.max(0, ...times.map(({ ms }) => ms)) / 1_000).toFixed(2)} s${unanswered}`,
    verdict: why === undefined ? worst(late) : 'INCONCLUSIVE',
  };
  return ifStreamed(history, streams, withEvidence(finding, evidence));
}
