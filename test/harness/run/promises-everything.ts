import { contractSchema } from '../../../harness/contract/contract.ts';
import { findScenarios } from '../../../harness/contract/scenario-names.ts';
import { SUITES } from '../../../harness/contract/scenario-scripts.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import service from '../../../service/proofload.config.ts';

const { profiles } = service;
const requestsInProgress = { 'conversation-end': { max: 3 } };

/** The reference service's contract, with promises that the service doesn't make. */
export const reference = {
  ...service,
  profiles: { ...profiles, fast: { ...profiles.fast, requestsInProgress } },
  upstreams: { ...service.upstreams, groq: { ...service.upstreams.groq, concurrency: 4 }, backup: { kind: 'openai' } },
  endpoints: {
    ...service.endpoints,
    'conversation-end': {
      ...service.endpoints['conversation-end'],
      cancels: { withinSeconds: 1 },
      stream: { format: 'sse' as const },
    },
    chat: { method: 'GET', path: '/chat', served: [200], reaches: ['groq'], fallback: ['groq', 'backup'] },
  },
};

/** The scenarios for the reference contract. */
export const names = await findScenarios(SUITES, Object.keys(reference.breakers));

/** Returns the scenarios that are skipped, with the reason, for the reference contract changed like this. */
async function skippedWith(change: object): Promise<[name: string, reason: string][]> {
  const contract = contractSchema.parse({ ...reference, ...change });
  const all = await findScenarios(SUITES, Object.keys(contract.breakers));
  const loaded = await Promise.all(all.map((name) => loadScenario(name, contract, 'fast')));
  return loaded.flatMap((scenario) => ('skipped' in scenario ? [[scenario.name, scenario.skipped]] : []));
}

/** Those about promises that only other contracts make. */
const ALWAYS_SKIPPED = new Set((await skippedWith({})).map(([name]) => name));

/** Returns the scenarios that are skipped, with the reason, because the reference contract is changed like this. */
export const skippedWithout = async (change: object): Promise<Record<string, string>> =>
  Object.fromEntries((await skippedWith(change)).filter(([name]) => !ALWAYS_SKIPPED.has(name)));
