import { followLines } from '../base/follow-lines.ts';
import type { RequestSample } from '../history/events.ts';
import { sampleEvent } from './engine-samples.ts';

/** Calls `see` for each request in a samples file while the engine is writing it, until the signal is aborted. */
export const followSamples = (path: string, see: (sample: RequestSample) => void, over: AbortSignal): Promise<void> =>
  followLines(
    path,
    (line) => {
      const event = sampleEvent(line);
      if (event?.type === 'request') see(event);
    },
    over,
  );
