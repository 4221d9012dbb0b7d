import { Rate } from 'k6/metrics';
import type { Proof } from '../../harness/contract/proof.ts';
import { context, promised, refusedCertificates } from '../lib/context.ts';
import { lab } from '../lib/lab.ts';
import { runOnce } from '../lib/run-once.ts';
import { call, isServed } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { until } from '../lib/wait.ts';

export { handleSummary } from '../lib/summary.ts';

const { endpoint } = promised(context.pool, 'pool');
const PLAN = refusedCertificates().map(
  (certificate) => ({ action: 'impostor', upstream: 'database', certificate, endpoint }) as const,
);

export const proof: Proof = {
  about:
    'The database presents certificates that must not be trusted. The service refuses the connection and sends ' +
    'nothing.',
  judges: 'database impostors',
  clients: 1,
  seconds: 5,
  conditions: ['no-rate-limits', 'verified-database'],
  holds: ['steady-state', 'impostor-gets-nothing', 'recovers'],
  plan: PLAN,
};

/** How long a service may take to notice that the database can be trusted again, in milliseconds. */
const PATIENCE_MS = 10_000;

const servedAgain = new Rate('served_once_trusted');

export const options = runOnce({ thresholds: { served_once_trusted: ['rate==1'] } });

export default async function (): Promise<void> {
  await steady('steady', { each: [endpoint] });
  for (const planned of PLAN) await pose(planned);
  await steady('steady again');
}

/**
 * Presents a certificate of this kind until a call to the endpoint encounters it, then switches back to a valid one.
 * The phase lies within that period, because a service may connect at any time.
 */
async function pose(planned: (typeof PLAN)[number]): Promise<void> {
  const before = await lab.refusedConnections('database');
  await lab.certificate('database', planned.certificate);
  const phase = await lab.phase(planned);
  await until(async () => {
    const { status } = await call(endpoint, { phase });
    return isServed(endpoint, status) || (await lab.refusedConnections('database')) > before;
  }, PATIENCE_MS);
  const after = await lab.phase({ when: 'after', of: phase.id });
  await lab.certificate('database', 'trusted');
  const again = async () => isServed(endpoint, (await call(endpoint, { phase: after })).status);
  servedAgain.add(await until(again, PATIENCE_MS));
}
