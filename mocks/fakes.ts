import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCertificates } from './certificates.ts';
import { createControlApi } from './control-api.ts';
import { FaultPlan } from './fault-plan.ts';
import { createGroq } from './groq/groq.ts';
import { createMem0 } from './mem0/mem0.ts';
import { originOf } from './origin.ts';
import { Receipts } from './receipts.ts';
import { UpstreamServer } from './server.ts';

/** Running fakes; disposing of them closes every port. */
export interface Fakes extends AsyncDisposable {
  /** The control API's origin. */
  readonly control: string;
  /** The origins of the faked providers. */
  readonly upstreams: { readonly groq: string; readonly mem0: string };
  /** The certificate, in PEM, of the CA that their clients have to trust. */
  readonly ca: string;
}

/** The seed of texts where none is given. */
export const DEFAULT_SEED = 'proofload';

/**
 * Starts a fake of Groq and one of Mem0, each on a free port of `host` (default 127.0.0.1), and their control API on a
 * free port of 127.0.0.1. `receiptCapacity` is how many receipts are kept (default 200 000).
 */
export async function startFakes({
  host = '127.0.0.1',
  seed = DEFAULT_SEED,
  receiptCapacity,
}: {
  host?: string;
  seed?: string;
  receiptCapacity?: number;
} = {}): Promise<Fakes> {
  await using started = new AsyncDisposableStack();
  const certificates = await createCertificates();
  const receipts = new Receipts(receiptCapacity === undefined ? {} : { capacity: receiptCapacity });
  let faults = 0;
  const nextId = () => `f${++faults}`;

  const serve = async (upstream: ReturnType<typeof createGroq>) => {
    const plan = new FaultPlan(nextId);
    const server = await UpstreamServer.start({ upstream, plan, receipts, certificates, host });
    return { plan, server: started.use(server) };
  };
  const groq = await serve(createGroq({ seed }));
  const mem0 = await serve(createMem0());

  const control = createServer(
    createControlApi({
      upstreams: new Map([
        ['groq', groq],
        ['mem0', mem0],
      ]),
      receipts,
    }),
  );
  await once(control.listen(0, '127.0.0.1'), 'listening');
  started.defer(() => {
    control.close();
    control.closeAllConnections();
  });

  const running = started.move();
  return {
    control: originOf('http', control.address() as AddressInfo),
    upstreams: { groq: groq.server.url, mem0: mem0.server.url },
    ca: certificates.ca,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
