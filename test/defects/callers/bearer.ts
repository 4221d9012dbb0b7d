import type { ContractFile } from '../../../harness/contract/contract.ts';
import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default {
  ...contractOf({
    settings: { AUTHENTICATION: 'bearer', CREDENTIALS: '${keys}', CLIENT: 'key', LOG_FILE: '${folder}/access.log' },
    authentication: { kind: 'bearer', keySetting: 'CREDENTIALS' },
    client: 'key',
  }),
  secrecy: {},
} satisfies ContractFile;

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'nothing-leaks', { 'token-in-a-log-file': 'files show no secret' }, { inTests: true }),
  each('stress/smoke', 'endpoints-ask-for-proof', { 'token-compared-by-its-end': 'requires credentials: write' }),
);
