import { once } from 'node:events';
import type { Response } from 'express';
import type { Receipts } from '../receipts/receipts.ts';

const SLICE = 1000;
const HEARTBEAT_MS = 15_000;

/**
 * Streams receipts in the order in which they end, until the client disconnects: `id: POSITION`, `event: receipt`,
 * `data: {…}`. `Last-Event-ID` takes precedence over `after`. A slow client misses receipts that are no longer kept,
 * which is visible as a gap in the positions.
 */
export async function streamReceipts(
  response: Response,
  receipts: Receipts,
  { after, upstream }: { after: number; upstream?: string | undefined },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const lastEventId = Number(response.req.get('last-event-id'));
  let position = Number.isInteger(lastEventId) && lastEventId > 0 ? lastEventId : after;

  let wake = Promise.withResolvers<void>();
  const stop = receipts.watch(() => wake.resolve());
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
  const gone = new AbortController();
  response.once('close', () => {
    stop();
    clearInterval(heartbeat);
    gone.abort();
    wake.resolve();
  });

  while (!response.destroyed) {
    wake = Promise.withResolvers();
    const found = receipts.endedAfter(position, SLICE, upstream);
    position = found.position;
    const events = found.receipts.map(
      ([id, receipt]) => `id: ${id}\nevent: receipt\ndata: ${JSON.stringify(receipt)}\n\n`,
    );
    if (events.length === 0) await wake.promise;
    else if (!response.write(events.join('')))
      await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
}
