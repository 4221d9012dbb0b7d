import type { HistoryEvent } from '../../history/events.ts';
import type { Band } from './chart.ts';
import type { Recorded } from './recorded.ts';

type FaultEvent = Extract<HistoryEvent, { type: 'fault' }>;

/**
 * Kinds of faults that can't be healed, because they end by themselves: either immediately, or when a server is
 * restarted.
 */
const MOMENTARY = ['terminate', 'restart'];

const BEFORE = { at: Number.NEGATIVE_INFINITY, endedAt: undefined };

/**
 * Whether an event heals the given fault, either on its own, together with all faults of its upstream, or together with
 * all faults.
 */
export const isHealing = ({ upstream, id, asked }: FaultEvent, fault: Pick<FaultEvent, 'upstream' | 'id'>): boolean =>
  id === undefined &&
  (upstream === fault.upstream || upstream === 'all') &&
  (asked.healed === undefined || asked.healed === fault.id);

/**
 * Returns when each fault was active: from the request that set it (or its delayed start) until it was healed, its
 * duration had passed, or the last request it applies to (`next`) had finished.
 */
export function faultWindows({ history, from: beginning, seconds }: Recorded): Band[] {
  const events = history.all('fault');
  const receipts = history.disruptable();
  const end = (fault: FaultEvent, index: number): number => {
    const healed = events.slice(index + 1).find((event) => isHealing(event, fault));
    const { kind, next, forMilliseconds, downMilliseconds } = fault.asked;
    if (MOMENTARY.includes(String(kind))) return beginOf(fault) + (Number(downMilliseconds) || 0);
    const over = typeof forMilliseconds === 'number' ? beginOf(fault) + forMilliseconds : Number.POSITIVE_INFINITY;
    const until = Math.min(healed?.at ?? Number.POSITIVE_INFINITY, over);
    if (typeof next !== 'number') return until;
    const hit = receipts.filter(({ faults }) => faults.some((mark) => mark.startsWith(`${fault.id}:`)));
    // Requests before the window are no longer known, so assume that the fault ended with the last known request, even
    // if it is still waiting for more.
    const last = beginOf(fault) < beginning ? (hit.at(-1) ?? BEFORE) : hit[next - 1];
    return last ? Math.min(until, last.endedAt ?? last.at) : until;
  };
  const windows = events.flatMap((fault, index): Band[] => {
    if (fault.id === undefined) return [];
    const until = end(fault, index);
    if (until < beginning) return [];
    const [from, to] = [seconds(beginOf(fault)), seconds(until)];
    return [{ lane: `fault of ${fault.upstream}`, from, to, label: describeFault(fault.asked), look: 'bad' }];
  });
  return spread(windows);
}

const beginOf = ({ at, asked }: FaultEvent): number =>
  at + (typeof asked.afterMilliseconds === 'number' ? asked.afterMilliseconds : 0);

/** Puts overlapping bands into separate lanes: `fault of groq`, `fault of groq (2)`. */
function spread(bands: readonly Band[]): Band[] {
  const ends = new Map<string, number>();
  return bands.map((band) => {
    for (let nth = 1; ; nth += 1) {
      const lane = nth === 1 ? band.lane : `${band.lane} (${nth})`;
      if ((ends.get(lane) ?? 0) > band.from) continue;
      ends.set(lane, band.to);
      return { ...band, lane };
    }
  });
}

/** Whether a field of a fault contains other faults, as in a mix. */
const isFaults = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.every((part) => typeof part?.kind === 'string');

/** Describes a fault, for example "latency 600 ms" or "status 500 (next 1)". */
export function describeFault({ kind, next, ...fields }: Record<string, unknown>): string {
  const said = Object.entries(fields).map(([name, value]) => {
    if (name === 'milliseconds') return `${value} ms`;
    if (isFaults(value)) return `${name} ${value.map(describeFault).join(', ')}`;
    return name === kind ? String(value) : `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`;
  });
  const times = next === undefined ? [] : [`(next ${next})`];
  return [String(kind), ...said, ...times].join(' ');
}
