import { now, pause } from '../base/clock.ts';
import { followSamples } from '../engine/follow-samples.ts';
import { nthPhaseOf } from '../history/before-phase.ts';
import type { HistoryEvent } from '../history/events.ts';
import { History } from '../history/history.ts';
import type { MutatedRun, Recorded } from './mutated-run.ts';

/** How often to look, in milliseconds. */
const EVERY_MS = 200;

/** How long after a phase has begun the samples of earlier requests are in the file, in milliseconds. */
const WRITTEN_MS = 300;

interface Watched extends Pick<Recorded, 'facts'> {
  /** Everything that is recorded while the script runs. */
  readonly history: History;
  /** The file to which the engine writes its samples. */
  readonly samples: string;
  /** Returns the receipts so far. */
  receipts(): Promise<HistoryEvent[]>;
  readonly isEnough: NonNullable<MutatedRun['isEnough']>;
  /** Whether the service is being restarted. It would not become ready if the script ended now. */
  isRestarting(): boolean;
  /** Ends the script. */
  end(): void;
}

/**
 * Ends a script as soon as it has shown enough. Checks this after the beginning of each phase, until it is disposed.
 */
export function endEarly({ history, facts, samples, receipts, isEnough, isRestarting, end }: Watched): AsyncDisposable {
  const over = new AbortController();
  const seen: HistoryEvent[] = [];
  const following = followSamples(samples, (event) => seen.push(event), over.signal);
  const read = async () => ({
    history: new History([...history.inOrder(), ...seen, ...(await receipts())]),
    facts,
  });
  const look = async () => {
    for (let looked = 0; !over.signal.aborted; await pause(EVERY_MS, over.signal)) {
      const phases = history.all('phase');
      const last = phases.at(-1);
      if (!last || phases.length === looked || now() - last.at < WRITTEN_MS || isRestarting()) continue;
      looked = phases.length;
      if (await isEnough(nthPhaseOf(history, last), read)) return end();
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
