import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import lameDuck from './lame-duck.ts';

const { ask, ready } = lameDuck.endpoints;

/** A service whose calls to an LLM may last longer than it may take to end, but not with the settings of a profile. */
export default {
  ...lameDuck,
  name: 'service with calls that last longer than its end',
  endpoints: { ask: { ...ask, onFault: { hang: { answer: 504, withinSeconds: 5 } } }, ready },
  profiles: { fast: { environment: { LLM_TIMEOUT_MS: '500' } }, production: {} },
} satisfies ContractFile;

export const defects = inProgram(
  'lame-duck-service.ts',
  each('stress/specified-numbers', 'ends-when-told-to', {
    'long-calls-waited-for': 'exits on SIGTERM during calls that hang',
  }),
);
