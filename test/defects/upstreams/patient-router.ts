import type { ContractFile } from '../../../harness/contract/contract.ts';
import router from './router.ts';

/** The router with a long timeout and without breakers. It ends its calls if the caller leaves. */
export default {
  ...router,
  name: 'router that stops when nobody listens',
  environment: { ...router.environment, TIMEOUT_MS: '10000' },
  endpoints: {
    ...router.endpoints,
    chat: { ...router.endpoints.chat, cancels: { withinSeconds: 1 }, onFault: {} },
  },
  breakers: {},
  profiles: { fast: {} },
} satisfies ContractFile;
