import { readFile } from 'node:fs/promises';
import { setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, expect } from 'vitest';
import { Fakes } from '../../harness/lab/fakes.ts';
import { Reaper } from '../../harness/lab/reaper.ts';
import { OutboundGuard } from './outbound-guard.ts';

/**
 * Starts the fakes for all tests of a file. Their CA is the only one that this process trusts, and they are the only
 * addresses that it reaches: a test in which anything tried another one fails. Every test finds them as they were at the start.
 */
export async function useFakes(): Promise<Fakes> {
  const resources = new AsyncDisposableStack();
  const reaper = resources.use(new Reaper());
  const fakes = resources.use(await Fakes.start(process.env.FAKES ?? 'process', reaper));
  setDefaultCACertificates([await readFile(fakes.ca, 'utf8')]);
  const guard = resources.use(new OutboundGuard([fakes.control, ...Object.values(fakes.upstreams)]));
  afterEach(async () => {
    await fetch(`${fakes.control}/reset`, { method: 'POST' });
    expect(guard.takeRefused(), 'connections to anything but the fakes').toEqual([]);
  });
  afterAll(() => resources.disposeAsync());
  return fakes;
}
