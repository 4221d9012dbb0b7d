import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { HistoryEvent } from './events.ts';

/** Reads what `History.write` wrote; a last line that was cut off is left out. */
export async function readHistory(path: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    try {
      events.push(JSON.parse(line));
    } catch {
      // of a run that was killed while it wrote
    }
  }
  return events;
}
