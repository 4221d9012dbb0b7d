import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'bearer', CREDENTIALS: '${keys}', CLIENT: 'key' },
  authentication: { kind: 'bearer', keySetting: 'CREDENTIALS' },
  client: 'key',
});

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'endpoints-ask-for-proof', { 'token-compared-by-its-end': 'requires credentials: write' }),
);
