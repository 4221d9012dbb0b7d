import { now, pause } from '../base/clock.ts';
import { followSamples } from '../engine/follow-samples.ts';
import { nthPhaseOf, PAUSE_MS } from '../history/before-phase.ts';
import type { HistoryEvent, PhaseEvent } from '../history/events.ts';
import { History } from '../history/history.ts';
import type { MutatedRun, Recorded } from './mutated-run.ts';

/** How often to look, in milliseconds. */
const EVERY_MS = 200;

interface Watched extends Pick<Recorded, 'facts'> {
  /** Everything that is recorded while the script runs. */
  readonly history: History;
  /** The file to which the engine writes its samples. */
  readonly samples: string;
  /** Returns the receipts so far. */
  receipts(): Promise<HistoryEvent[]>;
  readonly isEnough: NonNullable<MutatedRun['isEnough']>;
  /** Since when no request is in progress, in milliseconds since the epoch, or undefined if one is. */
  quietSince(): number | undefined;
  /** Whether the service is being restarted. It would not become ready if the script ended now. */
  isRestarting(): boolean;
  /** Ends the script. */
  end(): void;
}

/**
 * Ends a script as soon as it has shown enough. Checks this after the beginning of each phase, and when the script pauses
 * between requests, until it is disposed.
 */
export function endEarly(watched: Watched): AsyncDisposable {
  const { history, facts, samples, receipts, isEnough, isRestarting, end } = watched;
  const over = new AbortController();
  const seen: HistoryEvent[] = [];
  const following = followSamples(samples, (event) => seen.push(event), over.signal);
  const read = async () => ({
    history: new History([...history.inOrder(), ...seen, ...(await receipts())]),
    facts,
  });
  const look = async () => {
    for (const looked = new Set<string>(); !over.signal.aborted; await pause(EVERY_MS, over.signal)) {
      const reached = newPoint(watched, looked);
      if (!reached || isRestarting()) continue;
      looked.add(reached.key);
      if (await isEnough(reached.point, read)) return end();
    }
  };
  // If it fails, the script runs to its end, and is judged as usual.
  const watching = Promise.all([following, look()]).catch(() => {});
  return {
    async [Symbol.asyncDispose]() {
      over.abort();
      await watching;
    },
  };
}

/** Returns the last point that the script has reached a while ago, and its key, unless it was looked at. */
function newPoint({ history, quietSince }: Watched, looked: ReadonlySet<string>) {
  const at = now();
  const phases = history.all('phase');
  const entered = (phase: PhaseEvent | undefined) => ({ ...(phase && { phase: nthPhaseOf(history, phase) }) });
  // Some scripts begin a phase every few milliseconds.
  const nth = phases.findLastIndex((phase) => at - phase.at >= PAUSE_MS);
  const key = `phase ${nth}`;
  if (nth >= 0 && !looked.has(key)) return { key, point: entered(phases[nth]) };
  const last = phases.at(-1);
  const since = quietSince() ?? at;
  const pauseKey = `phase ${phases.length - 1}, since ${since}`;
  const isPause = at - since >= PAUSE_MS && since > (last?.at ?? 0);
  return isPause && !looked.has(pauseKey) ? { key: pauseKey, point: { ...entered(last), pausedAt: at } } : undefined;
}
