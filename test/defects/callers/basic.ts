import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'basic', CREDENTIALS: '${users}', CLIENT: 'user' },
  authentication: { kind: 'basic', keySetting: 'CREDENTIALS' },
  client: 'user',
  ofUsers: true,
});

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'endpoints-ask-for-proof', {
    'password-not-checked': 'requires credentials: write',
    'user-name-in-path-trusted': 'requires credentials: read',
  }),
);
