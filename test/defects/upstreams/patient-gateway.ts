import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import gateway from './gateway.ts';

const { ask, health } = gateway.endpoints;

/** The gateway with a long timeout. It makes no further attempt if the caller leaves. */
export default {
  ...gateway,
  name: 'gateway that stops when nobody listens',
  environment: { ...gateway.environment, GIVEN_UP_MS: '10000' },
  endpoints: { ask: { ...ask, cancels: { withinSeconds: 0.5 }, onFault: {} }, health },
} satisfies ContractFile;

export const defects = inProgram(
  'gateway-service.ts',
  each('chaos/leaving-callers', 'abandoned-calls-not-repeated', {
    'retry-sent-for-nobody': 'sends no retries for callers who left: ask at llm',
  }),
);
