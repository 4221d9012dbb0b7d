import { http } from 'msw';
import { setupServer } from 'msw/node';
import { parseEach } from '../faults/base/parse-each.ts';
import { parseFields } from '../faults/base/parse-fields.ts';
import { Refusal } from '../faults/base/refusal.ts';
import { upstreamFaults } from '../faults/kinds/index.ts';
import { parseFault } from '../faults/plan/parse-fault.ts';
import type { PlannedFault } from '../faults/plan/planned-fault.ts';
import { type Receipt, Receipts } from '../faults/receipts/receipts.ts';
import { UpstreamInProcess } from '../faults/server/upstream-in-process.ts';
import { DEFAULT_SEED } from './fakes.ts';
import { createGroq } from './groq/groq.ts';
import { type GroqSettingsInput, groqSettings } from './groq/settings.ts';
import { createMem0 } from './mem0/mem0.ts';
import { type Mem0SettingsInput, mem0Settings } from './mem0/settings.ts';

const ORIGINS = { groq: 'https://api.groq.com', mem0: 'https://api.mem0.ai' };
type Name = keyof typeof ORIGINS;

/** Fakes in the process of a test; disposing of them restores `fetch`. */
export interface FakesInProcess extends Disposable {
  /** Adds a fault, in the words of the control API. @throws Refusal for one that is not allowed */
  inject(upstream: Name, fault: Record<string, unknown>): PlannedFault;
  /** Heals every fault. */
  heal(): void;
  /** What reached the fakes. */
  receipts(): Receipt[];
}

/**
 * Puts the fakes behind the global `fetch` (and `node:http`) of this process, in place of api.groq.com and api.mem0.ai.
 * Clients of npm's undici are not seen. A request to anywhere else fails, and disposing throws `unhandled-request` then:
 * so it fails the test also where the code under test swallows the error.
 *
 * What ends a connection becomes a network error before the head and a broken body after it; `refuse` and bad
 * certificates are network errors.
 *
 * @param plan faults to begin with, each with its `upstream`
 * @param settings what the upstreams are set to, as over the control API; default: nothing
 * @throws Refusal `invalid-plan`, with all that is wrong with the plan; `unknown-field` or `invalid-field` for settings
 */
export function fakesInProcess({
  seed = DEFAULT_SEED,
  plan = [],
  settings = {},
}: {
  seed?: string;
  settings?: { groq?: GroqSettingsInput; mem0?: Mem0SettingsInput };
  plan?: readonly ({ upstream: Name } & Record<string, unknown>)[];
} = {}): FakesInProcess {
  const receipts = new Receipts();
  let faults = 0;
  const nextId = () => `f${++faults}`;
  const ofGroq = parseFields(groqSettings.shape, settings.groq ?? {}, 'settings of groq');
  const ofMem0 = parseFields(mem0Settings.shape, settings.mem0 ?? {}, 'settings of mem0');
  const groq = new UpstreamInProcess(createGroq({ seed, ...ofGroq }), nextId, receipts);
  const mem0 = new UpstreamInProcess(createMem0(ofMem0), nextId, receipts);
  const fakes = { groq, mem0 };
  const planned = parseEach(plan, 'fault', (entry) => {
    const { upstream, ...fault } = Object(entry);
    return { upstream: nameOf(upstream), specification: parseFault(fault, upstreamFaults) };
  });
  for (const { upstream, specification } of planned) fakes[upstream].plan.add(specification);

  const unhandled: string[] = [];
  const server = setupServer(
    http.all(`${ORIGINS.groq}/*`, ({ request }) => groq.serve(request)),
    http.all(`${ORIGINS.mem0}/*`, ({ request }) => mem0.serve(request)),
  );
  server.listen({
    onUnhandledFrame({ frame }) {
      // What is no HTTP has no request.
      const { request } = frame.data as { request?: Request };
      const what = request ? `${request.method} ${request.url}` : frame.protocol;
      unhandled.push(what);
      throw unhandledRequest(what);
    },
  });
  const heal = (): void => {
    for (const fake of Object.values(fakes)) fake.plan.healAll();
  };
  return {
    inject: (upstream, fault) => fakes[upstream].plan.add(parseFault(fault, upstreamFaults)),
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

function nameOf(upstream: unknown): Name {
  const name = Object.keys(ORIGINS).find((known) => known === upstream);
  if (name) return name as Name;
  throw new Refusal('unknown-upstream', `unknown upstream "${upstream}"; allowed: ${Object.keys(ORIGINS).join(', ')}`);
}

const unhandledRequest = (what: string): Refusal =>
  new Refusal('unhandled-request', `no fake answers ${what}; allowed: ${Object.values(ORIGINS).join(', ')}`);
