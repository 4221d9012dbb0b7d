import { Rate } from 'k6/metrics';
import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { isServedWithout, type Path, pathsOverTls, refusedCertificates } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { dilute } from '../lib/prime.ts';
import { runOnce } from '../lib/run-once.ts';
import { call, isServed } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { until } from '../lib/wait.ts';
import { working } from '../lib/working.ts';

export { handleSummary } from '../lib/summary.ts';

const PATHS = pathsOverTls();

/** Returns what is presented to calls of an endpoint. */
const posesIn = ({ upstream, endpoint }: Path): PlannedAction<'impostor'>[] =>
  refusedCertificates().map((certificate) => ({ action: 'impostor', upstream, certificate, endpoint }));

export const proof: Proof = {
  about:
    'Each upstream presents certificates that must not be trusted, and refuses connections. The service closes the ' +
    'connection and sends no request, neither over TLS nor in plain text.',
  judges: 'upstream impostors',
  clients: 1,
  seconds: 6,
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'impostor-gets-nothing', 'recovers'],
  plan: PATHS.flatMap(posesIn),
};

const servedAgain = new Rate('served_once_trusted');

export const options = runOnce({ thresholds: { served_once_trusted: ['rate==1'] } });

export default async function (): Promise<void> {
  await steady('steady', { any: PATHS.map(({ endpoint }) => endpoint) });
  for (const path of working(PATHS)) {
    for (const planned of posesIn(path)) await pose(planned);
    await refuse(path);
  }
  await steady('steady again');
}

/** Presents a certificate of this kind to a call to the endpoint, then switches back to a valid one. */
async function pose(planned: PlannedAction<'impostor'>): Promise<void> {
  const { upstream, certificate, endpoint } = planned;
  await dilute(upstream, endpoint);
  const phase = await lab.phase(planned);
  await lab.certificate(upstream, certificate);
  const before = await lab.failedHandshakes(upstream);
  const { status } = await call(endpoint, { phase });
  // The upstream notices the closed connection shortly after the caller gets its response.
  const isNoticed = !isServed(endpoint, status) || isServedWithout(endpoint, upstream);
  if (isNoticed) await until(async () => (await lab.failedHandshakes(upstream)) > before, 2_000);
  const after = await lab.phase({ when: 'after', of: phase.id });
  await lab.certificate(upstream, 'trusted');
  await callAgain(upstream, endpoint, after);
}

/**
 * Refuses the connection of a call. Some services then fall back to plain HTTP, and keep using it when the upstream
 * listens again: see `upstreams-over-tls`.
 */
async function refuse({ upstream, endpoint }: Path): Promise<void> {
  const phase = await lab.phase({ action: 'no connection', upstream, endpoint });
  await lab.fault(upstream, { kind: 'refuse' });
  await call(endpoint, { phase });
  const after = await lab.phase({ when: 'after', of: phase.id });
  await lab.heal(upstream);
  await callAgain(upstream, endpoint, after);
}

async function callAgain(upstream: string, endpoint: string, phase: { id: number }): Promise<void> {
  const again = await call(endpoint, { phase });
  servedAgain.add(isServed(endpoint, again.status));
  await dilute(upstream, endpoint);
}
