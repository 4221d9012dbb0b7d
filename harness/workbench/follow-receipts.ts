import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Receipts } from '../../faults/receipts/receipts.ts';
import { DATABASE } from '../contract/uses-postgres.ts';
import type { Receipt } from '../history/events.ts';
import type { Fakes } from '../lab/fakes.ts';

type See = (receipt: Receipt) => void;

/**
 * Calls `see` for each of the fakes' receipts that ends, until the signal is aborted.
 *
 * @throws TypeError if the fakes can't be reached or have exited
 */
export async function followFakes(fakes: Pick<Fakes, 'request'>, see: See, over: AbortSignal): Promise<void> {
  try {
    const { body } = await fakes.request('/receipts/stream', { signal: over });
    const events = body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { data } of events ?? []) see({ ...JSON.parse(data), type: 'receipt' });
  } catch (error) {
    if (!over.aborted) throw error;
  }
}

/** Calls `see` for each of the database's receipts that ends, until it is disposed. */
export function followDatabase(receipts: Receipts, see: See): Disposable {
  let position = 0;
  const stop = receipts.watch(() => {
    const ended = receipts.endedAfter(position, 1_000, DATABASE);
    position = ended.position;
    for (const [, receipt] of ended.receipts) see({ ...receipt, type: 'receipt' });
  });
  return { [Symbol.dispose]: () => void stop() };
}
