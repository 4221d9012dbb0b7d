import type { ContractFile } from '../../../harness/contract/contract.ts';
import gateway from './gateway.ts';

const { ask, health } = gateway.endpoints;

/** The gateway with a long timeout. It makes no further attempt if the caller leaves. */
export default {
  ...gateway,
  name: 'gateway that stops when nobody listens',
  environment: { ...gateway.environment, GIVEN_UP_MS: '10000' },
  endpoints: { ask: { ...ask, cancels: { withinSeconds: 0.5 }, onFault: {} }, health },
} satisfies ContractFile;
