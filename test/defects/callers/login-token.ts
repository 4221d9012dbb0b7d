import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'token', CREDENTIALS: '${users}' },
  authentication: { kind: 'login', endpoint: 'login', token: 'data.token', keySetting: 'CREDENTIALS' },
  ofUsers: true,
  login: 200,
});

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'endpoints-ask-for-proof', { 'session-found-by-its-start': 'requires credentials: write' }),
);
