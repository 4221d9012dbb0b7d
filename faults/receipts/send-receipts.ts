import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import type { Receipt } from './receipt.ts';
import type { Receipts } from './receipts.ts';

const SLICE = 1000;

/** Sends `{"receipts":[…],"last":SEQ,"dropped":N}` in slices, so that 100,000 receipts don't block the fakes. */
export function sendReceipts(
  response: Response,
  receipts: Receipts,
  { after, upstream }: { after: number; upstream?: string | undefined },
): void {
  const { last, dropped } = receipts;
  const found = receipts.after(after, upstream);
  response.type('json');
  Readable.from(slices(found, `],"last":${last},"dropped":${dropped}}`)).pipe(response);
}

async function* slices(found: Receipt[], end: string): AsyncGenerator<string> {
  yield '{"receipts":[';
  for (let start = 0; start < found.length; start += SLICE) {
    const slice = JSON.stringify(found.slice(start, start + SLICE)).slice(1, -1);
    yield start === 0 ? slice : `,${slice}`;
    await setImmediate();
  }
  yield end;
}
