import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keepAlive } from '../base/keep-alive.ts';
import { originOf } from '../base/origin.ts';
import { newToken } from '../base/token.ts';
import { createCertificates } from '../certificates/certificates.ts';
import type { Controlled } from '../control/controlled.ts';
import { createControlApi } from '../control/fakes-api.ts';
import { guard, inHeader } from '../control/guard.ts';
import { OutboundProxy, type ProxyTarget } from '../proxy/outbound-proxy.ts';
import { Receipts } from '../receipts/receipts.ts';
import { DEFAULT_SEED } from './provider.ts';
import { serveUpstream } from './serve-upstream.ts';
import type { UpstreamDefinition } from './upstream-definition.ts';

/** Running fakes. Disposing of them closes all ports. */
export interface Fakes<Name extends string = string> extends AsyncDisposable {
  /** The control API's origin. */
  readonly control: string;
  /** The control API's token, to be sent as `Authorization: Bearer …`. */
  readonly token: string;
  /** The fakes' origins by name. */
  readonly upstreams: Readonly<Record<Name, string>>;
  /** The proxy's URL, which contains its token. Absent if no upstream is called through it. */
  readonly proxy?: string;
  /** The CA certificate that clients have to trust, in PEM format. */
  readonly ca: string;
}

/** Options for `startFakes`. */
export interface FakesOptions {
  /** The seed for generated texts. Defaults to `DEFAULT_SEED`. */
  readonly seed?: string;
  /** The number of receipts to keep. Defaults to 200,000. */
  readonly receiptCapacity?: number;
  /** For some upstreams, the header whose value receipts keep, such as `idempotency-key`. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Creates the certificates for these host names. Defaults to `createCertificates`. */
  readonly certify?: typeof createCertificates;
}

/** Starts each upstream on its own port, and a control API for all of them. */
export async function startFakes<Name extends string>(
  definitions: Readonly<Record<Name, UpstreamDefinition>>,
  { seed = DEFAULT_SEED, receiptCapacity, keys = {}, certify = createCertificates }: FakesOptions = {},
): Promise<Fakes<Name>> {
  await using started = new AsyncDisposableStack();
  const defined = Object.entries<UpstreamDefinition>(definitions);
  const certificates = await certify([
    ...new Set(defined.flatMap(([, definition]) => ('hosts' in definition ? definition.hosts : []))),
  ]);
  const receipts = new Receipts(receiptCapacity === undefined ? {} : { capacity: receiptCapacity });
  let faults = 0;

  const nextId = () => `f${++faults}`;

  const keyHeaders = new Map(Object.entries(keys));
  const serving = defined.map(([name, definition]) =>
    serveUpstream(definition, {
      name,
      seed,
      nextId,
      receipts,
      certificates,
      keyHeader: keyHeaders.get(name)?.toLowerCase(),
    }),
  );
  for (const result of await Promise.allSettled(serving)) if (result.status === 'fulfilled') started.use(result.value);
  const served = await Promise.all(serving);
  const upstreams = new Map(served.map((upstream, index) => [defined[index]?.[0] ?? '', upstream]));

  const proxied = defined.flatMap(([, definition], index): [string, ProxyTarget][] => {
    const target = served[index]?.behindProxy;
    return 'proxied' in definition && definition.proxied !== undefined && target ? [[definition.proxied, target]] : [];
  });
  const proxy =
    proxied.length === 0 ? undefined : started.use(await OutboundProxy.start({ targets: proxied, receipts }));

  const controlled: Controlled = {
    upstreams,
    receipts,
    ca: certificates.ca,
    async reset() {
      for (const upstream of upstreams.values()) await upstream.reset();
      faults = 0;
      receipts.reset();
    },
  };
  const token = newToken();
  const control = createServer(keepAlive, createControlApi(controlled, guard(token, inHeader)));
  await once(control.listen(0, '127.0.0.1'), 'listening');
  started.defer(() => {
    control.close();
    control.closeAllConnections();
  });

  const running = started.move();
  const origins = [...upstreams].map(([name, { url }]) => [name, url]);
  return {
    control: originOf('http', control.address() as AddressInfo),
    token,
    upstreams: Object.fromEntries(origins),
    ...(proxy && { proxy: proxy.url }),
    ca: certificates.ca,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
