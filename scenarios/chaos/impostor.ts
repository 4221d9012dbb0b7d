import { Rate } from 'k6/metrics';
import type { PlannedAction } from '../../harness/contract/phases.ts';
import type { Proof } from '../../harness/contract/proof.ts';
import { healFrom } from '../lib/break-calls.ts';
import { context, type Fault, type Path, pathsToUpstreams } from '../lib/context.ts';
import { callAgain, pose, posesAfter } from '../lib/impostors.ts';
import { lab } from '../lib/lab.ts';
import { dilute, forgettingSeconds } from '../lib/prime.ts';
import { runOnce } from '../lib/run-once.ts';
import { call } from '../lib/service.ts';
import { steady } from '../lib/steady.ts';
import { working } from '../lib/working.ts';

export { handleSummary } from '../lib/summary.ts';

const PATHS = pathsToUpstreams();
const OVER_TLS = PATHS.filter(({ upstream }) => context.upstreams[upstream]?.tls);

/** The redirects to another host, by name. Each status is used once. */
const REDIRECTS: Readonly<Record<string, Fault>> = {
  '302 to https': { kind: 'redirect', status: 302, over: 'https' },
  '307 to https': { kind: 'redirect', status: 307, over: 'https' },
  '301 to http': { kind: 'redirect', status: 301, over: 'http' },
  '308 to http': { kind: 'redirect', status: 308, over: 'http' },
  'endless 303': { kind: 'redirect', status: 303, over: 'https', endless: true },
};

/** The trouble after which certificates are presented again. Other scenarios do so after timeouts and other failures. */
const TROUBLE = 'lost connections';

/** Returns what is presented to calls of an endpoint. */
const posesIn = ({ upstream, endpoint }: Path): PlannedAction<'impostor'>[] =>
  context.tls.refused.map((certificate) => ({ action: 'impostor', upstream, certificate, endpoint }));

const redirectsIn = ({ upstream, endpoint }: Path): PlannedAction<'redirected'>[] =>
  Object.keys(REDIRECTS).map((fault) => ({ action: 'redirected', upstream, fault, endpoint }));

const PLAN = [...OVER_TLS.flatMap(posesIn), ...posesAfter(TROUBLE, OVER_TLS), ...PATHS.flatMap(redirectsIn)];

export const proof: Proof = {
  about:
    'Each upstream presents certificates that must not be trusted, before and after a reset, refuses connections, and ' +
    'redirects to another host. The service sends no request to an impostor, neither over TLS nor in plain text, and ' +
    'no credentials to the other host.',
  judges: 'upstream impostors',
  clients: 1,
  seconds: 6 + forgettingSeconds(PLAN),
  conditions: ['no-rate-limits'],
  holds: ['steady-state', 'impostor-gets-nothing', 'redirects-get-no-credentials', 'recovers'],
  plan: PLAN,
};

const servedAgain = new Rate('served_once_trusted');

export const options = runOnce({ thresholds: { served_once_trusted: ['rate==1'] } });

export default async function (): Promise<void> {
  await steady('steady', { any: PATHS.map(({ endpoint }) => endpoint) });
  for (const path of working(OVER_TLS)) {
    for (const planned of posesIn(path)) servedAgain.add(await pose(planned));
  }
  // All certificates come first, because trouble with one endpoint may change the calls of another.
  for (const path of working(OVER_TLS)) {
    await refuse(path);
    await reset(path);
  }
  for (const planned of posesAfter(TROUBLE, working(OVER_TLS))) servedAgain.add(await pose(planned));
  for (const path of working(PATHS)) {
    for (const planned of redirectsIn(path)) await redirect(planned);
  }
  await steady('steady again');
}

/**
 * Refuses the connection of a call. Some services then fall back to plain HTTP, and keep using it when the upstream
 * listens again: see `upstreams-over-tls`.
 */
async function refuse({ upstream, endpoint }: Path): Promise<void> {
  const phase = await lab.phase({ action: 'no connection', upstream, endpoint });
  const fault = { kind: 'refuse' };
  await lab.fault(upstream, fault);
  await call(endpoint, { phase });
  await heal({ upstream, endpoint }, phase, fault);
}

/** Resets the connection of a call. Some services then create another client, which verifies no certificate. */
async function reset({ upstream, endpoint }: Path): Promise<void> {
  await dilute(upstream, endpoint);
  const phase = await lab.phase({ action: 'failing', upstream, endpoint, fault: 'reset' });
  const fault = { kind: 'reset' };
  await lab.fault(upstream, fault);
  await call(endpoint, { phase });
  await heal({ upstream, endpoint }, phase, fault);
}

/** Redirects a call to another host. */
async function redirect(planned: PlannedAction<'redirected'>): Promise<void> {
  const { upstream, endpoint } = planned;
  const fault = REDIRECTS[planned.fault] as Fault;
  await dilute(upstream, endpoint);
  const phase = await lab.phase(planned);
  await lab.fault(upstream, fault);
  // The caller itself must not follow a redirect that the service passes on.
  await call(endpoint, { phase });
  await heal(planned, phase, fault);
}

async function heal(path: Path, { id }: { id: number }, fault: Fault): Promise<void> {
  const after = await lab.phase({ when: 'after', of: id });
  await healFrom(path.upstream, fault);
  servedAgain.add(await callAgain(path, after));
}
