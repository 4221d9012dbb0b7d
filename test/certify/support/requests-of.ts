import type { FakesUnderTest } from './use-fakes.ts';

/** Runs a call, ignores its result, and returns the receipts of its requests once all of them have ended. */
export async function requestsOf(fakes: FakesUnderTest, call: () => Promise<unknown>) {
  const before = await fakes.lastReceipt();
  await call().catch(() => undefined);
  for (;;) {
    const requests = (await fakes.receipts(before)).filter((receipt) => receipt.kind === 'request');
    if (requests.every(({ outcome }) => outcome !== 'open')) return requests;
  }
}
