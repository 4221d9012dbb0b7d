import { now } from '../base/clock.ts';
import type { HistoryEvent, Party } from '../history/events.ts';
import { every } from './every.ts';
import { RunDelay, type Watched } from './run-delay.ts';

/** Each party's processes. A party that can't be watched is omitted. */
export type Parties = Partial<Record<Party, Watched>>;

/** The sampling interval, and the shortest wait to record, in milliseconds. */
const [INTERVAL_MS, LEAST_MS] = [100, 0.5];

/** Records how long each party's processes waited for a processor, until it is disposed. */
export function watchStarvation(parties: Parties, record: (event: HistoryEvent) => void): Disposable {
  const watches = new DisposableStack();
  const watched = (Object.entries(parties) as [Party, Watched][]).map(([of, processes]) => ({
    of,
    delay: watches.use(new RunDelay(processes)),
    isKnown: false,
  }));
  let since = now();
  const look = () => {
    const at = now();
    for (const party of watched) {
      // A request is handled by one thread of a party at a time, so waits of other threads do not delay it.
      const ms = party.delay.take();
      if (ms === undefined) continue;
      if (!party.isKnown || ms >= LEAST_MS) record({ type: 'starved', since, at, ms, of: party.of });
      party.isKnown = true;
    }
    since = at;
  };
  watches.use(every(INTERVAL_MS, look));
  return watches;
}
