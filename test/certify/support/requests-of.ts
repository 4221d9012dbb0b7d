import type { FakesUnderTest } from './use-fakes.ts';

/** Runs a call, whatever comes of it, and tells the receipts of the requests that it led to, all of them ended. */
export async function requestsOf(fakes: FakesUnderTest, call: () => Promise<unknown>) {
  const before = await fakes.lastReceipt();
  await call().catch(() => undefined);
  for (;;) {
    const requests = (await fakes.receipts(before)).filter((receipt) => receipt.kind === 'request');
    if (requests.every(({ outcome }) => outcome !== 'open')) return requests;
  }
}
