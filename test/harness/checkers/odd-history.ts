import { createDice } from '../../../faults/base/dice.ts';
import type { Facts } from '../../../harness/checkers/lib/checker.ts';
import type { PhaseData } from '../../../harness/contract/phases.ts';
import type { HistoryEvent } from '../../../harness/history/events.ts';
import { History } from '../../../harness/history/history.ts';
import { begun, metric, receipt, request } from '../../../harness/testing/hand-written.ts';

/** Phases that scripts begin without a plan. */
const UNPLANNED: readonly PhaseData[] = (
  ['steady', 'before', 'opening', 'hanging', 'open', 'half-open', 'closing', 'after', 'steady again'] as const
).map((action) => ({ action }));

/** What requests are about. A request without it may be about anything. */
const ABOUT = (
  'again,failing,load,health,untouched,failure,breaker,leaver,during,trial,read,look,later,burst,abuse,upstream,spike,ready,' +
  'probe,other client,new,lost,late,costly,call,unread,success,stream,opening,no fault,endless stream,cpu,before'
).split(',');
const STATUSES = [0, 200, 200, 200, 201, 202, 401, 404, 429, 500, 503, 504];
const TIMES = [0, 1, 5, 40, 700, 9_000, 60_000];
const METRICS =
  'answers_told,complete_streams,errors_in_streams,answer_headers,complete_stream_receiving_ms,control_ms,cpu_seconds,memory_bytes,retry_after_seconds';
const FAULTS = [[], ['f1:status'], ['f1:hang', 'f2:latency']];
/** How long each phase lasts, in milliseconds. */
const LENGTH_MS = 1_000;

/**
 * Returns a history of a service that does odd things in the phases of a scenario, and of a script that leaves out many
 * of its calls. The same seed gives the same history.
 */
export function oddHistory({ contract, numbers, proof }: Facts, seed: string): History {
  const dice = createDice(seed);
  const any = <One>(of: readonly One[]): One => of[Math.floor(dice() * of.length)] as One;
  const tags = (phase: number): Record<string, string> => ({
    phase: String(phase),
    endpoint: any(Object.keys(contract.endpoints)),
    ...(dice() < 0.7 && { about: any([...ABOUT, ...Object.keys(contract.breakers)]) }),
    ...(dice() < 0.3 && {
      limit: any(['', ...Object.keys(numbers.limits)]),
      step: any(['first window', 'over', 'second window']),
    }),
    process: '0',
    ...(dice() < 0.2 && { caller: String(any([0, 1, 2])) }),
  });
  let seq = 0;
  const eventsIn = (data: PhaseData, index: number): HistoryEvent[] => {
    const [id, from] = [index + 1, index * LENGTH_MS];
    const entry = begun(id, data, from, seq);
    const when = () => from + 1 + Math.floor(dice() * (LENGTH_MS - 2));
    const some = (make: () => HistoryEvent) => Array.from({ length: any([0, 0, 1, 2, 7]) }, make);
    return [
      entry,
      ...some(() => request(when(), any(TIMES), any(STATUSES), tags(id))),
      ...some(() => metric(any(METRICS.split(',')), when(), any([-1, 0, 1, 1e9]), tags(id))),
      ...some(() => {
        seq += 1;
        return receipt(seq, when(), any(TIMES), any(['database', ...Object.keys(contract.upstreams)]), any(FAULTS));
      }),
    ];
  };
  const phases: readonly PhaseData[] = [...(proof.plan ?? []), ...UNPLANNED];
  return new History([...phases.flatMap(eventsIn), begun(999, { action: 'end' }, phases.length * LENGTH_MS, seq)]);
}
