import type { ActionPhase, PlannedAction } from '../../contract/phases.ts';
import type { History, PhaseEntry } from '../../history/history.ts';
import type { Finding } from '../../verdict/finding.ts';
import { type BuiltInChecker, type Facts, planned, withEvidence } from '../lib/checker.ts';
import { asTime, judgeExcess, noiseOf, whatIsLeft } from '../lib/noise.ts';

/** The share of the time after which a stalled stream fails that the machine may have prolonged a pause. */
const PROLONGED = 0.25;
/** How much later than promised a piece may come, in milliseconds. */
const LATE_MS = 250;

/**
 * Checks that the pieces of a stream reach the caller while they are sent. The upstream sends some events, pauses, and
 * sends the rest. The first words of the answer must come during the pause. It is not enough that the head, a comment
 * or an event of the service itself comes: words say that they are the upstream's. If `stallSeconds` is promised, the
 * pauses are shorter than that, but all of them together are longer, and the service must not end the stream.
 */
export const streamsRelayed: BuiltInChecker = {
  name: 'streams-relayed',
  timed: true,
  restsOn: ['steady-state', 'streams-complete'],
  usually:
    'The service, its framework or a proxy collects the answer: it waits for the end of the stream, compresses it, or fills a buffer before it sends.',
  fix: 'Write each event when it arrives, and flush it. Exclude `text/event-stream` from compression and from buffers of proxies (`X-Accel-Buffering: no`).',
  cases: (facts) =>
    planned(facts, 'relayed stream')
      ?.filter((phase) => promised(facts, phase) !== undefined)
      .map((phase) => ({
        check: checkOf(phase),
        promises: [['endpoints', phase.endpoint, 'stream', 'relaySeconds']],
      })),
  without: 'no endpoint promises when the pieces of a stream arrive (endpoints.NAME.stream.relaySeconds)',
  judge: (history, facts) =>
    history.phases('relayed stream').flatMap((phase) => {
      const seconds = promised(facts, phase);
      return seconds === undefined ? [] : [judge(history, facts, phase, seconds)];
    }),
};

const ENDED =
  'A timeout limits the whole stream instead of the time since the last piece, so that long answers are cut although the upstream sends on.';

const checkOf = ({ upstream, endpoint }: PlannedAction<'relayed stream'>): string =>
  `pieces arrive while they are sent: ${upstream}, ${endpoint}`;

const promised = ({ contract: { endpoints } }: Facts, { endpoint }: PlannedAction<'relayed stream'>) =>
  endpoints[endpoint]?.stream?.relaySeconds;

function judge(
  history: History,
  facts: Facts,
  phase: PhaseEntry<ActionPhase<'relayed stream'>>,
  seconds: number,
): Finding {
  const [paused] = history.metricIn('stream_pause_ms', phase);
  const [first] = history.metricIn('stream_piece_at', phase, { about: 'first' });
  const [last] = history.metricIn('stream_piece_at', phase, { about: 'last' });
  const [met] = history
    .receiptsIn(phase, phase.upstream)
    .filter(({ faults }) => faults.some((fault) => fault.endsWith(':slow-first-token')));
  const judged = { check: checkOf(phase), expected: `the first words within ${seconds} s` };
  const unknown = (observed: string): Finding => ({ ...judged, observed, verdict: 'INCONCLUSIVE' });
  if (!met || !paused) return unknown(`no call reached ${phase.upstream}`);
  if (!first || !last) return unknown(`no words of its answer in a response with the status ${paused.tags.about}`);
  const lateMs = first.value - met.at;
  const noise = noiseOf(history, facts)(met.at, first.value);
  const excess = [lateMs - seconds * 1_000, LATE_MS, noise] as const;
  const verdict = judgeExcess(...excess);
  const { stallSeconds } = facts.contract.endpoints[phase.endpoint]?.stream ?? {};
  const [brokenOff] = history.metricIn('stream_piece_at', phase, { about: 'broken off' });
  if (verdict === 'PASS' && brokenOff && stallSeconds !== undefined && met.outcome === 'client-gone') {
    const after = asTime(brokenOff.value - met.at);
    const isSure = noiseOf(history, facts)(met.at, brokenOff.value) < stallSeconds * 1_000 * PROLONGED;
    return {
      ...judged,
      expected: `${judged.expected}, and no end while pieces come`,
      observed: `ended by the service after ${after}, without a pause of more than ${asTime(paused.value)}`,
      verdict: isSure ? 'FAIL' : 'INCONCLUSIVE',
      ...(isSure && { usually: `${ENDED} It ended after ${after}.` }),
    };
  }
  const enough = paused.value > seconds * 1_000 + LATE_MS && last.value - met.at >= paused.value;
  const finding: Finding = {
    ...judged,
    observed: `after ${asTime(Math.max(0, lateMs))}, and the last ones after ${asTime(last.value - met.at)}, of a stream with a pause of ${asTime(paused.value)}`,
    verdict: verdict === 'PASS' && !enough ? 'INCONCLUSIVE' : verdict,
  };
  return withEvidence(finding, whatIsLeft('measured: too late by', ...excess));
}
