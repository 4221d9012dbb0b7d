import type { Stream } from '../../contract/schema/stream.ts';
import { type History, tagsIn } from '../../history/history.ts';
import { type Finding, worst } from '../../verdict/finding.ts';
import type { Checker, Facts } from '../lib/checker.ts';
import { isGivenUp, unlessGivenUp } from '../lib/given-up.ts';
import { judgeExcess, noiseOf } from '../lib/noise.ts';
import { answered } from '../lib/request-times.ts';
import { LATE_MS } from '../lib/tolerances.ts';
import { type FailingStreams, failingStreams } from './failing-streams.ts';

/** The promise about the time after which a call ends, by the fault with which the upstream's stream never does. */
const BOUNDS: Readonly<Record<string, 'firstEventSeconds' | 'stallSeconds'>> = {
  'keep-alives': 'firstEventSeconds',
  drip: 'firstEventSeconds',
  stall: 'stallSeconds',
} satisfies Record<string, keyof Stream>;

/**
 * Checks that a call ends in time although the stream of the upstream never does. Either no event comes, only
 * keep-alives or parts of an event, or nothing comes after some events. These events are sent as soon as the call
 * reaches the upstream, so the times of single events at the caller are not needed.
 */
export const streamsBounded: Checker = {
  name: 'streams-bounded',
  timed: true,
  restsOn: ['steady-state'],
  usually:
    'The timeout ends with the first bytes, restarts with all further bytes, even keep-alives, or covers only the headers.',
  judge: (history, facts) =>
    failingStreams(history, facts).flatMap((streams) => {
      const bound = BOUNDS[streams.fault];
      const seconds = bound && streams.promise[bound];
      return seconds === undefined ? [] : [judge(history, facts, streams, seconds)];
    }),
};

function judge(history: History, facts: Facts, streams: FailingStreams, seconds: number): Finding {
  const { phase, upstream, fault, endpoint, failing, met, why } = streams;
  const noise = noiseOf(history, facts);
  const isStall = BOUNDS[fault] === 'stallSeconds';
  // A real server takes a while to send its first events, but no longer than for a whole answer.
  const healthyMs = isStall ? Math.max(0, ...streams.again.map(({ ms }) => ms)) : 0;
  const times = failing.map((call) => {
    const from = (isStall ? met[0]?.at : undefined) ?? call.at;
    return { call, from, ms: answered(call) - from };
  });
  const late = times.map(({ call, from, ms }) =>
    unlessGivenUp(judgeExcess(ms, seconds * 1_000 + healthyMs + LATE_MS, noise(from, from + ms)), call),
  );
  const unanswered = failing.some(isGivenUp) ? ', without an end' : '';
  return {
    check: `ends in time: ${fault} of ${upstream}, ${endpoint}`,
    requests: tagsIn(phase, { about: 'failing' }),
    expected: `within ${seconds} s ${isStall ? 'after the last event' : 'without an event'}`,
    observed: `after ${(Math.max(0, ...times.map(({ ms }) => ms)) / 1_000).toFixed(2)} s${unanswered}`,
    verdict: why === undefined ? worst(late) : 'INCONCLUSIVE',
    ...(why !== undefined && { evidence: [why] }),
  };
}
