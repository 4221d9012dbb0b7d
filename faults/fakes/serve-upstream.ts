import { z } from 'zod';
import { Refusal } from '../base/refusal.ts';
import type { Certificates } from '../certificates/certificates.ts';
import { FaultyProxy } from '../connections/lib/faulty-proxy.ts';
import type { ControlledUpstream } from '../control/controlled.ts';
import { FaultPlan } from '../plan/fault-plan.ts';
import type { ProxyTarget } from '../proxy/outbound-proxy.ts';
import type { Receipts } from '../receipts/receipts.ts';
import { Elsewhere } from '../server/elsewhere.ts';
import { UpstreamServer } from '../server/server.ts';
import { faultsOf, type HttpDefinition, type TcpDefinition, type UpstreamDefinition } from './upstream-definition.ts';

/** The name of an upstream, and everything that it shares with the other upstreams in the process. */
interface Place {
  readonly name: string;
  readonly seed: string;
  readonly nextId: () => string;
  readonly receipts: Receipts;
  readonly certificates: Certificates;
  /** The header whose value receipts keep, in lower case. */
  readonly keyHeader: string | undefined;
}

/** An upstream on its own port. Disposing of it closes the port. */
export interface ServedUpstream extends ControlledUpstream, AsyncDisposable {
  readonly url: string;
  /** Serves what a proxy receives for it. Absent if it is a TCP server. */
  readonly behindProxy?: ProxyTarget;
  /** Heals all faults, and clears usage and stored data. */
  reset(): Promise<void>;
}

/**
 * Starts an upstream on its port.
 *
 * @throws The same errors as the definition's `create`
 */
export const serveUpstream = (definition: UpstreamDefinition, place: Place): Promise<ServedUpstream> =>
  'tcp' in definition ? serveTcp(definition, place) : serveHttp(definition, place);

async function serveHttp(definition: HttpDefinition, place: Place): Promise<ServedUpstream> {
  const { name, seed, nextId, receipts, certificates, keyHeader } = place;
  const plan = new FaultPlan(nextId);
  let current = await definition.create({ seed });
  await using started = new AsyncDisposableStack();
  started.defer(() => current[Symbol.asyncDispose]?.());
  const errorResponse = (status: number) => current.errorResponse(status);
  const elsewhere = started.use(new Elsewhere({ name, receipts, certificates, errorResponse }));
  const server = started.use(
    await UpstreamServer.start({
      name,
      receipts,
      upstream: () => current,
      plan,
      elsewhere,
      keyHeader,
      certificates: definition.tls ? certificates : undefined,
    }),
  );
  const healAll = () => {
    if (definition.tls) void server.useCertificate('trusted');
    return plan.healAll();
  };
  const running = started.move();
  return {
    plan,
    kinds: faultsOf(definition),
    url: server.url,
    behindProxy: server,
    settings: definition.settings.shape,
    healAll,
    useCertificate: (kind) => server.useCertificate(kind),
    get current() {
      return current;
    },
    async reset() {
      await Promise.all(healAll().map((fault) => fault.settled()));
      const used = current;
      current = await definition.create({ seed });
      await used[Symbol.asyncDispose]?.();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function serveTcp(definition: TcpDefinition, { name, receipts, nextId }: Place) {
  const proxy = await FaultyProxy.start({ target: definition.tcp, calls: definition.calls, receipts, name });
  const plan = new FaultPlan<FaultyProxy>(nextId);
  plan.actOn(proxy);
  return {
    plan,
    kinds: faultsOf(definition),
    url: `tcp://127.0.0.1:${proxy.port}`,
    settings: {},
    current: { settings: {}, configure: (settings: object) => void z.strictObject({}).parse(settings) },
    healAll: () => plan.healAll(),
    useCertificate(): never {
      throw new Refusal('no-tls', `${name} is a TCP server, whose bytes pass unchanged; allowed for HTTPS upstreams`);
    },
    async reset() {
      await Promise.all(plan.healAll().map((fault) => fault.settled()));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(plan.healAll().map((fault) => fault.settled()));
      await proxy[Symbol.asyncDispose]();
    },
  };
}
