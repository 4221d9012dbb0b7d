import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

/** A service with a payment API over plain HTTP, two LLM APIs of the same kind, and no database. */
export default {
  name: 'service with three upstreams',
  start: {
    command: ['node', 'service.ts'],
    readyPath: '/health',
    readySeconds: 20,
  },
  upstreams: {
    payments: { handlers: './handlers.ts', tls: false, basePath: '/v2' },
    llm: { kind: 'groq', basePath: '/openai/v1' },
    backup: { kind: 'groq', basePath: '/openai/v1' },
  },
  environment: {
    PORT: '${port}',
    PAYMENTS_URL: '${upstream.payments}',
    LLM_URL: '${upstream.llm}',
    BACKUP_URL: '${upstream.backup}',
    NODE_EXTRA_CA_CERTS: '${ca}',
  },
  endpoints: {
    pay: { method: 'POST', path: '/pay', served: [200], reaches: ['payments'] },
    compare: { method: 'GET', path: '/models', served: [200], reaches: ['llm', 'backup'] },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  profiles: { fast: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('chaos/retry-amplification', 'upstream-attempts', {
    'charge-sent-again': 'attempts at payments: plain-500, pay',
  }),
  each('stress/smoke', 'endpoints-reach-upstreams', { 'backup-is-the-same-upstream': 'upstreams of compare' }),
);
