import type { ContractFile } from '../../../harness/contract/contract.ts';

type Endpoint = ContractFile['endpoints'][string];
type Condition = Omit<Extract<NonNullable<Endpoint['refused']>[string], { status: number }>, 'equals'>;

/** How a service of one form shows its errors. */
interface Form {
  readonly name: 'graphql' | 'json-rpc' | 'mcp';
  readonly served: Endpoint['served'];
  /** The part of a condition that refusals share, and its values. */
  readonly refusal: Condition;
  readonly codes: Readonly<Record<'limited' | 'busy' | 'unavailable', string | number>>;
}

/** Returns the contract for the service in answers-service.ts. */
export function contractOf({ name, served, refusal, codes }: Form): ContractFile {
  const open = { 503: { ...refusal, equals: codes.unavailable } };
  const described = (path: string, refused: Endpoint['refused']): Endpoint => ({
    method: 'POST',
    path,
    body: { query: '{ ask(question: "hello") }' },
    served,
    refused: { ...refused, ...open },
    reaches: ['llm'],
    onFault: { 500: 'error', reset: 'error', 'malformed-json': 'error' },
  });
  return {
    name: `service that answers with 200: ${name}`,
    start: { command: ['node', 'answers-service.ts'], readyPath: '/health', readySeconds: 20 },
    upstreams: { llm: { kind: 'groq', basePath: '/openai/v1', tls: false } },
    environment: { PORT: '${port}', LLM_URL: '${upstream.llm}', LIMIT: '6', FORM: name },
    conditions: { 'no-rate-limits': { LIMIT: '1000000' } },
    endpoints: {
      ask: described('/ask', { 429: { ...refusal, equals: codes.limited } }),
      report: described('/report', { 429: { ...refusal, equals: codes.busy } }),
      health: { method: 'GET', path: '/health', served: [200] },
    },
    limiter: { window: 'first-request', retryAfter: true },
    breakers: {
      llm: {
        upstream: 'llm',
        endpoint: 'ask',
        refusal: 503,
        retryAfter: true,
        failures: [{ kind: 'status', status: 500 }, { kind: 'hang' }, { kind: 'reset' }],
      },
    },
    profiles: {
      fast: {
        limits: { ask: { max: 6, windowSeconds: 2 } },
        requestsInProgress: { report: { max: 3 } },
        breakers: { llm: { threshold: 3, recoverySeconds: 1, callTimeoutSeconds: 0.5 } },
      },
    },
  };
}
