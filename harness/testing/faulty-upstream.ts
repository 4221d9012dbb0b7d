import { startFakes } from '../../faults/fakes/start-fakes.ts';
import { addUpstreamFault, upstreamFaults } from '../../faults/kinds/index.ts';
import type { UpstreamFault } from '../../faults/kinds/lib/upstream-fault.ts';
import type { DeclaredUpstream } from '../../mocks/declared-upstream.ts';
import { defineUpstreams } from '../../mocks/define-upstreams.ts';
import type { RequestReceipt } from '../history/events.ts';
import { askControl } from './ask-control.ts';

/** A running upstream with a fault. */
export interface FaultyUpstream extends AsyncDisposable {
  /** Its address, over plain HTTP. */
  readonly url: string;
  /** Heals all faults. */
  heal(): Promise<void>;
  /** Returns the receipts of the requests that have arrived, in the order of arrival. */
  receipts(): Promise<RequestReceipt[]>;
}

/**
 * Starts an upstream in this process with a fault, to test the fault. Disposing of it stops it.
 *
 * @param fault The kind of fault.
 * @param fields The fields of the fault, and its scope, such as `next`. Defaults to none.
 * @param upstream As in a contract. Defaults to the fake of OpenAI.
 * @throws Error if the fields are invalid
 * @example
 * await using upstream = await startFaultyUpstream(slowHead, { milliseconds: 300, next: 1 });
 * const response = await fetch(`${upstream.url}/v1/models`, { headers: { authorization: 'Bearer sk-test' } });
 */
export async function startFaultyUpstream(
  fault: UpstreamFault,
  fields: Readonly<Record<string, unknown>> = {},
  upstream: DeclaredUpstream = { kind: 'openai' },
): Promise<FaultyUpstream> {
  const { kind } = fault;
  if (upstreamFaults.get(kind) !== fault) addUpstreamFault(fault);
  await using resources = new AsyncDisposableStack();
  const fakes = resources.use(await startFakes(defineUpstreams({ upstream: { ...upstream, tls: false } })));
  const ask = askControl(fakes.control, fakes.token);
  await ask('POST', FAULTS, { kind, ...fields });
  const running = resources.move();
  return {
    url: fakes.upstreams.upstream,
    heal: () => ask('DELETE', FAULTS),
    receipts: async () => (await ask<{ receipts: RequestReceipt[] }>('GET', '/receipts')).receipts,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const FAULTS = '/upstreams/upstream/faults';
