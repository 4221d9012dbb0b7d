import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import router from './router.ts';

const { chat } = router.endpoints;

/** The router with a long timeout. It ends its calls if the caller leaves, and promises nothing about its breakers. */
export default {
  ...router,
  name: 'router that stops when nobody listens',
  environment: { ...router.environment, TIMEOUT_MS: '10000' },
  endpoints: {
    ...router.endpoints,
    chat: {
      ...chat,
      fallback: { ...chat.fallback, returnsWithinSeconds: 1 },
      cancels: { withinSeconds: 1 },
      onFault: {},
    },
  },
  breakers: {},
  profiles: { fast: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'router-service.ts',
  each('chaos/leaving-callers', 'abandoned-calls-end', {
    'moves-on-for-nobody': 'ends calls of callers who left: chat at llm',
  }),
);
