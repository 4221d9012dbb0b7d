import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';
import { originOf } from '../faults/base/origin.ts';
import { createCertificates } from '../faults/certificates/certificates.ts';
import { createControlApi } from '../faults/control/control-api.ts';
import type { Controlled } from '../faults/control/controlled.ts';
import { guard, inHeader, newToken } from '../faults/control/guard.ts';
import { Timeline } from '../faults/control/timeline.ts';
import { upstreamFaults } from '../faults/kinds/index.ts';
import { FaultPlan } from '../faults/plan/fault-plan.ts';
import { Receipts } from '../faults/receipts/receipts.ts';
import { UpstreamServer } from '../faults/server/server.ts';
import type { Upstream } from '../faults/upstream/upstream.ts';
import { createGroq } from './groq/groq.ts';
import { groqSettings } from './groq/settings.ts';
import { createMem0 } from './mem0/mem0.ts';
import { mem0Settings } from './mem0/settings.ts';

/** Running fakes; disposing of them closes every port. */
export interface Fakes extends AsyncDisposable {
  /** The control API's origin. */
  readonly control: string;
  /** What lets a call of the control API in, as `Authorization: Bearer …`. */
  readonly token: string;
  /** The origins of the faked providers. */
  readonly upstreams: { readonly groq: string; readonly mem0: string };
  /** The certificate, in PEM, of the CA that their clients have to trust. */
  readonly ca: string;
}

/** How fakes are started. */
export interface FakesOptions {
  /** Where the upstreams listen; default 127.0.0.1. */
  readonly host?: string;
  /** Where the control API listens; default 127.0.0.1. Anywhere else it takes Host headers with any port. */
  readonly controlHost?: string;
  /** The ports to listen on; default: free ones. */
  readonly ports?: { readonly control: number; readonly groq: number; readonly mem0: number };
  /** Decides the texts. */
  readonly seed?: string;
  /** How many receipts are kept; default 200 000. */
  readonly receiptCapacity?: number;
  /** What is carried out from the start: an array of faults, or what `GET /plan` tells. */
  readonly plan?: unknown;
}

/** The seed of texts where none is given. */
export const DEFAULT_SEED = 'proofload';

const LOOPBACK = '127.0.0.1';
const FREE_PORTS = { control: 0, groq: 0, mem0: 0 };

/**
 * Starts a fake of Groq and one of Mem0, each on a port of its own, and their control API.
 *
 * @throws Refusal `invalid-plan`
 */
export async function startFakes({
  host = LOOPBACK,
  controlHost = LOOPBACK,
  ports = FREE_PORTS,
  seed = DEFAULT_SEED,
  receiptCapacity,
  plan,
}: FakesOptions = {}): Promise<Fakes> {
  await using started = new AsyncDisposableStack();
  const certificates = await createCertificates();
  const receipts = new Receipts(receiptCapacity === undefined ? {} : { capacity: receiptCapacity });
  let faults = 0;

  const nextId = () => `f${++faults}`;

  const serve = async (create: () => Upstream, settings: z.ZodRawShape, port: number) => {
    const plan = new FaultPlan(nextId);
    let current = create();
    const server = started.use(
      await UpstreamServer.start({ upstream: () => current, plan, receipts, certificates, host, port }),
    );
    const healAll = () => {
      server.useCertificate('trusted');
      return plan.healAll();
    };
    return {
      ...{ plan, kinds: upstreamFaults, server, settings, healAll },
      get current() {
        return current;
      },
      async reset(): Promise<void> {
        await Promise.all(healAll().map((fault) => fault.settled()));
        // What its handlers remember is theirs: they are made anew.
        current = create();
      },
    };
  };
  const groq = await serve(() => createGroq({ seed }), groqSettings.shape, ports.groq);
  const mem0 = await serve(() => createMem0(), mem0Settings.shape, ports.mem0);
  const upstreams = new Map([
    ['groq', groq],
    ['mem0', mem0],
  ]);

  const controlled: Controlled = {
    ...{ upstreams, receipts, timeline: new Timeline(), ca: certificates.ca },
    async reset() {
      for (const upstream of upstreams.values()) await upstream.reset();
      faults = 0;
      receipts.reset();
      controlled.timeline.reset();
    },
  };
  const token = newToken();
  const api = createControlApi(controlled, guard(token, inHeader, controlHost !== LOOPBACK));
  if (plan !== undefined) await api.replay(plan);
  const control = createServer(api.app);
  await once(control.listen(ports.control, controlHost), 'listening');
  started.defer(() => {
    control.close();
    control.closeAllConnections();
  });

  const running = started.move();
  return {
    control: originOf('http', control.address() as AddressInfo),
    token,
    upstreams: { groq: groq.server.url, mem0: mem0.server.url },
    ca: certificates.ca,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
