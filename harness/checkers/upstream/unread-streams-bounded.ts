import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import type { MetricSample } from '../../history/events.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned } from '../lib/checker.ts';
import { ifStreamed } from './failing-streams.ts';

const BYTES_PER_MEGABYTE = 1_000_000;
/** If a service's memory grows by at most this much in this time, the service has stopped reading. */
const STILL_MEGABYTES = 4;
const STILL_MS = 1_500;

/**
 * Checks that the memory of the service hardly grows while a caller does not read a stream that is several times as
 * long as the promised number of megabytes. The service may stop reading or end the call. The check is INCONCLUSIVE if
 * the memory is still growing at the end.
 */
export const unreadStreamsBounded: BuiltInChecker = {
  name: 'unread-streams-bounded',
  restsOn: ['steady-state'],
  usually:
    'The service writes to the caller without waiting until the connection accepts more, or reads the whole stream before it passes it on.',
  fix: 'Wait until the connection accepts more: `stream.pipeline` or the event `drain` in Node, `await response.write(…)` in Python. Pass on each event when it arrives.',
  noWireMutant: "it judges the memory of the service's own process",
  cases: (facts) =>
    planned(facts, 'unread stream')
      ?.filter((phase) => promised(facts, phase) !== undefined)
      .map((phase) => ({
        check: checkOf(phase),
        promises: [['endpoints', phase.endpoint, 'stream', 'unreadMegabytes']],
      })),
  without:
    'no endpoint limits the memory for a stream that the caller does not read (endpoints.NAME.stream.unreadMegabytes)',
  judge: (history, facts) =>
    history.phases('unread stream').flatMap((phase) => {
      const unreadMegabytes = promised(facts, phase);
      if (unreadMegabytes === undefined) return [];
      return [ifStreamed(history, phase, judge(history, phase, unreadMegabytes))];
    }),
};

const checkOf = ({ upstream, endpoint }: PlannedAction<'unread stream'>): string =>
  `memory of an unread stream: ${upstream}, ${endpoint}`;

const promised = ({ contract: { endpoints } }: Facts, { endpoint }: PlannedAction<'unread stream'>) =>
  endpoints[endpoint]?.stream?.unreadMegabytes;

function judge(history: History, phase: PhaseEntry<ActionPhase<'unread stream'>>, unreadMegabytes: number): Finding {
  const { upstream } = phase;
  const looks = (about: string) => history.metricIn('memory_bytes', phase, { about });
  const unread = looks('unread');
  const before = Math.max(...looks('before').map(megabytes));
  const growth = Math.max(...unread.map(megabytes)) - before;
  const end = unread.at(-1)?.at ?? 0;
  const flooded = history
    .receiptsIn(phase, upstream)
    .filter(({ faults }) => faults.some((fault) => fault.endsWith(':flood')));
  const isSent = flooded.every(({ endedAt }) => endedAt !== null && endedAt <= end);
  const judged = {
    check: checkOf(phase),
    expected: `at most ${unreadMegabytes} MB more`,
    observed: `${growth.toFixed(0)} MB more, ${isSent ? 'after the stream has ended' : 'while the stream continues'}`,
  };
  const why = whyUnknown(upstream, growth, flooded.length);
  if (why !== undefined) return { ...judged, observed: why, verdict: 'INCONCLUSIVE' };
  if (growth > unreadMegabytes) return { ...judged, verdict: 'FAIL' };
  return { ...judged, verdict: isSent || isStill(unread, end) ? 'PASS' : 'INCONCLUSIVE' };
}

function whyUnknown(upstream: string, growth: number, calls: number): string | undefined {
  if (calls === 0) return `the call did not reach ${upstream}`;
  return Number.isFinite(growth) ? undefined : 'the memory of the service is unknown';
}

/** Whether the memory has hardly grown in the end. */
function isStill(unread: readonly MetricSample[], end: number): boolean {
  const last = unread.filter(({ at }) => at >= end - STILL_MS);
  const grown = Math.max(...last.map(megabytes)) - megabytes(last[0]);
  return (unread[0]?.at ?? end) <= end - STILL_MS && grown <= STILL_MEGABYTES;
}

const megabytes = (sample: MetricSample | undefined): number => (sample?.value ?? Number.NaN) / BYTES_PER_MEGABYTE;
