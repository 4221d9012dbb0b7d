import { readFile } from 'node:fs/promises';
import { setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, expect } from 'vitest';
import type { Receipt } from '../../../harness/history/events.ts';
import { Fakes } from '../../../harness/lab/fakes.ts';
import { oneOfEachKind } from '../../../mocks/declared-upstream.ts';
import { OutboundGuard } from './outbound-guard.ts';

/** The fakes, with shortcuts for the control API. */
export interface FakesUnderTest extends Pick<Fakes, 'upstreams' | 'ca' | 'pass' | 'lastReceipt'> {
  /** Returns the receipts after the one with this number. */
  receipts(after: number): Promise<Receipt[]>;
  addFault(upstream: string, fault: Record<string, unknown>): Promise<unknown>;
  heal(upstream: string): Promise<unknown>;
  useCertificate(upstream: string, kind: string): Promise<unknown>;
  /** Resets the fakes, which then repeat their texts. */
  reset(): Promise<unknown>;
}

/**
 * Starts the fakes for all tests in a file. This process trusts only their CA and can reach only their addresses. A
 * test that tries to reach anything else fails. The fakes are reset before each test.
 */
export async function useFakes(): Promise<FakesUnderTest> {
  const resources = new AsyncDisposableStack();
  const fakes = resources.use(await Fakes.start(oneOfEachKind));
  setDefaultCACertificates([await readFile(fakes.ca, 'utf8')]);
  const reset = () => fakes.pass('post', '/reset');
  const guard = resources.use(new OutboundGuard([fakes.control, ...Object.values(fakes.upstreams)]));
  afterEach(async () => {
    await reset();
    expect(guard.takeRefused(), 'connections to anything but the fakes').toEqual([]);
  });
  afterAll(() => resources.disposeAsync());
  return {
    upstreams: fakes.upstreams,
    ca: fakes.ca,
    pass: fakes.pass.bind(fakes),
    lastReceipt: fakes.lastReceipt.bind(fakes),
    receipts: async (after) => (await fakes.receipts(after)).receipts,
    addFault: (upstream, fault) => fakes.pass('post', `/upstreams/${upstream}/faults`, fault),
    heal: (upstream) => fakes.pass('delete', `/upstreams/${upstream}/faults`),
    reset,
    useCertificate: (upstream, kind) => fakes.pass('put', `/upstreams/${upstream}/certificate`, { kind }),
  };
}
