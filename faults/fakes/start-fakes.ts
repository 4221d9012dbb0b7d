import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { originOf } from '../base/origin.ts';
import { createCertificates } from '../certificates/certificates.ts';
import { createControlApi } from '../control/control-api.ts';
import type { Controlled, ControlledUpstream } from '../control/controlled.ts';
import { guard, inHeader, newToken } from '../control/guard.ts';
import { Timeline } from '../control/timeline.ts';
import { upstreamFaults } from '../kinds/index.ts';
import { FaultPlan } from '../plan/fault-plan.ts';
import { Receipts } from '../receipts/receipts.ts';
import { UpstreamServer } from '../server/server.ts';
import { DEFAULT_SEED, type NameOf, type Provider, type Providers } from './provider.ts';

/** Running fakes; disposing of them closes every port. */
export interface Fakes<Name extends string = string> extends AsyncDisposable {
  /** The control API's origin. */
  readonly control: string;
  /** The control API's token, sent as `Authorization: Bearer …`. */
  readonly token: string;
  /** The origins of the fakes. */
  readonly upstreams: Readonly<Record<Name, string>>;
  /** The certificate of the CA that clients have to trust, in PEM. */
  readonly ca: string;
}

/** Options of `startFakes`. */
export interface FakesOptions {
  /** The upstreams' address; default 127.0.0.1. */
  readonly host?: string;
  /** The control API's address; default 127.0.0.1. On any other address it accepts Host headers with any port. */
  readonly controlHost?: string;
  /** The control API's port; the providers get the next ones, in the registry's order. Default: free ports. */
  readonly firstPort?: number;
  /** The seed of generated texts; default `DEFAULT_SEED`. */
  readonly seed?: string;
  /** The number of receipts that are kept; default 200 000. */
  readonly receiptCapacity?: number;
  /** The plan to carry out from the start: an array of faults, or an answer of `GET /plan`. */
  readonly plan?: unknown;
}

const LOOPBACK = '127.0.0.1';

/**
 * Starts a fake of each provider on a port of its own, and the control API of all of them.
 *
 * @throws Refusal `invalid-plan`
 */
export async function startFakes<All extends Providers>(
  providers: All,
  { host = LOOPBACK, controlHost = LOOPBACK, firstPort, seed = DEFAULT_SEED, receiptCapacity, plan }: FakesOptions = {},
): Promise<Fakes<NameOf<All>>> {
  await using started = new AsyncDisposableStack();
  const certificates = await createCertificates(Object.values(providers).map(({ origin }) => new URL(origin).hostname));
  const receipts = new Receipts(receiptCapacity === undefined ? {} : { capacity: receiptCapacity });
  const nextPort = portsFrom(firstPort);
  const controlPort = nextPort();
  let faults = 0;

  const nextId = () => `f${++faults}`;

  const serve = async (name: string, provider: Provider) => {
    const plan = new FaultPlan(nextId);
    let current = provider.create({ seed });
    const server = started.use(
      await UpstreamServer.start({
        name,
        upstream: () => current,
        plan,
        receipts,
        certificates,
        host,
        port: nextPort(),
      }),
    );
    const healAll = () => {
      server.useCertificate('trusted');
      return plan.healAll();
    };
    return {
      plan,
      kinds: upstreamFaults,
      server,
      settings: provider.settings.shape,
      healAll,
      get current() {
        return current;
      },
      async reset(): Promise<void> {
        await Promise.all(healAll().map((fault) => fault.settled()));
        // A new fake has nothing used or stored.
        current = provider.create({ seed });
      },
    };
  };
  const upstreams = new Map<string, ControlledUpstream & { server: UpstreamServer; reset(): Promise<void> }>();
  for (const [name, provider] of Object.entries(providers)) upstreams.set(name, await serve(name, provider));

  const controlled: Controlled = {
    upstreams,
    receipts,
    timeline: new Timeline(),
    ca: certificates.ca,
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
  await once(control.listen(controlPort, controlHost), 'listening');
  started.defer(() => {
    control.close();
    control.closeAllConnections();
  });

  const running = started.move();
  const origins = [...upstreams].map(([name, { server }]) => [name, server.url]);
  return {
    control: originOf('http', control.address() as AddressInfo),
    token,
    upstreams: Object.fromEntries(origins),
    ca: certificates.ca,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Returns consecutive ports from the first one; always 0, a free port, without a first one. */
function portsFrom(first: number | undefined): () => number {
  let next = first;
  return () => (next === undefined ? 0 : next++);
}
