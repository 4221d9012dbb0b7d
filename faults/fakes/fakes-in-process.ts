import { http } from 'msw';
import { setupServer } from 'msw/node';
import type { z } from 'zod';
import { parseEach } from '../base/parse-each.ts';
import { parseFields } from '../base/parse-fields.ts';
import { Refusal } from '../base/refusal.ts';
import { upstreamFaults } from '../kinds/index.ts';
import { parseFault } from '../plan/parse-fault.ts';
import type { PlannedFault } from '../plan/planned-fault.ts';
import type { Receipt } from '../receipts/receipt.ts';
import { Receipts } from '../receipts/receipts.ts';
import { hostElsewhere, UpstreamInProcess } from '../server/upstream-in-process.ts';
import { DEFAULT_SEED, type NameOf, type Providers } from './provider.ts';

/** Fakes that run inside the test process. Disposing of them restores `fetch`. */
export interface FakesInProcess<Name extends string = string> extends Disposable {
  /**
   * Adds a fault, in the same format as in the control API.
   *
   * @throws Refusal if the fault is invalid
   */
  inject(upstream: Name, fault: Record<string, unknown>): PlannedFault;
  /** Heals all faults. */
  heal(): void;
  /** Returns the receipts of all requests that reached the fakes. */
  receipts(): Receipt[];
}

/** Options for `startFakesInProcess`. */
export interface InProcessOptions<All extends Providers> {
  /** The seed for generated texts. Defaults to `DEFAULT_SEED`. */
  readonly seed?: string;
  /** Settings by provider, in the same format as in the control API. */
  readonly settings?: { readonly [Name in keyof All]?: z.input<All[Name]['settings']> };
  /** Faults to set at the start, each with its `upstream`. */
  readonly plan?: readonly ({ upstream: NameOf<All> } & Record<string, unknown>)[];
}

/**
 * Replaces the providers' APIs with fakes by intercepting the global `fetch` and `node:http` in this process. npm's
 * undici is not intercepted. A request to any other origin fails. Disposing of the fakes then throws an error, so that
 * the test fails even if the code under test swallows the first one.
 *
 * A fault that ends a connection causes a network error if the head hasn't been sent yet, and a broken body otherwise.
 * `refuse` and bad certificates cause network errors.
 *
 * @throws Refusal `invalid-plan` with all problems in the plan, or `unknown-field` or `invalid-field` for the settings
 */
export function startFakesInProcess<All extends Providers>(
  providers: All,
  { seed = DEFAULT_SEED, plan = [], settings = {} }: InProcessOptions<All> = {},
): FakesInProcess<NameOf<All>> {
  const receipts = new Receipts();
  let faults = 0;
  const nextId = () => `f${++faults}`;
  const fakes = new Map<string, UpstreamInProcess>();
  for (const [name, provider] of Object.entries(providers)) {
    const own = parseFields(provider.settings.shape, settings[name] ?? {}, `settings of ${name}`);
    fakes.set(name, new UpstreamInProcess(name, provider.create({ seed, settings: own }), nextId, receipts));
  }
  const fakeOf = (name: unknown): UpstreamInProcess => {
    const fake = fakes.get(String(name));
    if (fake) return fake;
    throw new Refusal('unknown-upstream', `unknown upstream "${name}"; allowed: ${[...fakes.keys()].join(', ')}`);
  };
  const planned = parseEach(plan, 'fault', (entry) => {
    const { upstream, ...fault } = Object(entry);
    return { fake: fakeOf(upstream), specification: parseFault(fault, upstreamFaults) };
  });
  for (const { fake, specification } of planned) fake.plan.add(specification);

  const origins = Object.values(providers).map(({ origin }) => origin);
  const unhandledRequest = (request: string): Refusal =>
    new Refusal('unhandled-request', `no fake answers ${request}; allowed: ${origins.join(', ')}`);
  const unhandled: string[] = [];
  const server = setupServer(
    ...Object.entries(providers).map(([name, { origin }]) =>
      http.all(`${origin}/*`, ({ request }) => fakeOf(name).serve(request)),
    ),
    ...[...fakes].flatMap(([name, fake]) =>
      ['https', 'http'].map((scheme) =>
        http.all(`${scheme}://${hostElsewhere(name)}/*`, ({ request }) => fake.serveElsewhere(request)),
      ),
    ),
  );
  server.listen({
    onUnhandledFrame({ frame }) {
      // Protocols other than HTTP have no request.
      const { request } = frame.data as { request?: Request };
      const shown = request ? `${request.method} ${request.url}` : frame.protocol;
      unhandled.push(shown);
      throw unhandledRequest(shown);
    },
  });
  const heal = (): void => {
    for (const fake of fakes.values()) fake.plan.healAll();
  };
  return {
    inject: (upstream, fault) => fakeOf(upstream).plan.add(parseFault(fault, upstreamFaults)),
    heal,
    receipts: () => receipts.after(0),
    [Symbol.dispose]() {
      heal();
      server.close();
      if (unhandled.length === 0) return;
      throw unhandledRequest(unhandled.join(', '));
    },
  };
}
