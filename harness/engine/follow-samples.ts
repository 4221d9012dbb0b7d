import { followLines } from '../base/follow-lines.ts';
import type { HistoryEvent } from '../history/events.ts';
import { sampleEvent } from './engine-samples.ts';

/**
 * Calls `see` for each event in a samples file while the engine is writing it, until the signal is aborted. Whether a
 * request opened its connection is not known yet.
 */
export const followSamples = (path: string, see: (event: HistoryEvent) => void, over: AbortSignal): Promise<void> =>
  followLines(
    path,
    (line) => {
      const event = sampleEvent(line);
      if (event) see(event);
    },
    over,
  );
