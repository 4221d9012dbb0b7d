import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'query', CREDENTIALS: '${keys}', CLIENT: 'forwarded' },
  authentication: { kind: 'api-key', query: 'key', keySetting: 'CREDENTIALS' },
  client: { forwarded: { hop: 2 } },
});

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'endpoints-ask-for-proof', { 'key-not-checked': 'requires credentials: read' }),
  each('stress/identity', 'rate-limit-identity', {
    'first-forwarded-entry-counts': 'forged identities gain nothing: write',
  }),
);
