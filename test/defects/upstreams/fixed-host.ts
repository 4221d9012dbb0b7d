import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';

/** A service whose LLM API is fixed in its code, so that it is reached through the lab's proxy only. */
export default {
  name: 'service with a fixed host',
  start: { command: ['node', 'fixed-host-service.ts'], readyPath: '/health', readySeconds: 20 },
  upstreams: { llm: { kind: 'groq', via: 'proxy' } },
  environment: {
    PORT: '${port}',
    HTTPS_PROXY: '${proxy}',
    HTTP_PROXY: '${proxy}',
    NO_PROXY: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: '${ca}',
    GROQ_API_KEY: 'gsk_fixed-host',
  },
  endpoints: {
    ask: {
      method: 'GET',
      path: '/ask',
      served: [200],
      reaches: ['llm'],
      onFault: { refuse: 502, reset: 502, hang: { answer: 504, withinSeconds: 1 }, 429: 502, 'malformed-json': 502 },
    },
    health: { method: 'GET', path: '/health', served: [200] },
  },
  breakers: {
    llm: {
      upstream: 'llm',
      endpoint: 'ask',
      refusal: 503,
      untouched: ['health'],
      failures: [{ kind: 'status', status: 500 }, { kind: 'refuse' }, { kind: 'reset' }, { kind: 'hang' }],
    },
  },
  secrecy: {},
  profiles: { fast: { breakers: { llm: { threshold: 3, recoverySeconds: 1, callTimeoutSeconds: 0.5 } } } },
} satisfies ContractFile;

export const defects = inProgram(
  'fixed-host-service.ts',
  each('chaos/impostor', 'impostor-gets-nothing', {
    'certificate-not-verified-behind-a-proxy': 'refuses an untrusted certificate: llm self-signed, ask',
  }),
  each('chaos/llm-outage', 'breaker-opens', { 'never-opens-behind-a-proxy': 'opens at the threshold' }),
  each('chaos/llm-outage', 'upstreams-over-tls', {
    'plain-text-after-a-failure-behind-a-proxy': 'upstreams called over TLS only',
  }),
);
