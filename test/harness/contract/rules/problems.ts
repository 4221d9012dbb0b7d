import { contractSchema } from '../../../../harness/contract/contract.ts';
import { findProblems } from '../../../../harness/contract/rules/index.ts';

export const ASK = { method: 'POST', path: '/ask', served: [200], reaches: ['llm'] };
const HEALTH = { method: 'GET', path: '/health', served: [200] };

/** A small contract that breaks no rule. */
export const VALID = {
  name: 'ask service',
  start: { command: ['serve'], readyPath: '/health', readySeconds: 1 },
  upstreams: {
    llm: { kind: 'groq' },
    backup: { kind: 'openai', tls: false },
    cache: { tcp: '127.0.0.1:6379', calls: 'redis' },
  },
  environment: { KEYS: '${keys}' },
  endpoints: { ask: ASK, health: HEALTH },
  profiles: { fast: {} },
};

/** Returns the parts of a contract in which the endpoint `ask` has these fields. */
export const asking = (fields: object) => ({ endpoints: { ask: { ...ASK, ...fields }, health: HEALTH } });

/** Returns what the schema or the rules find wrong in a valid contract with these changes, as "path: message". */
export async function problemsWith(changes: object, profile?: string): Promise<string[]> {
  const { data, error } = contractSchema.safeParse({ ...VALID, ...changes });
  const problems = data ? await findProblems(data, profile) : (error?.issues ?? []);
  return problems.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
}
