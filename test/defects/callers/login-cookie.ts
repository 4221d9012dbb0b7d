import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'cookie', CREDENTIALS: '${users}', CLIENT: 'user' },
  authentication: { kind: 'login', endpoint: 'login', cookie: 'sid', keySetting: 'CREDENTIALS' },
  client: 'user',
  ofUsers: true,
  login: 303,
});

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'endpoints-ask-for-proof', { 'session-of-another-user-accepted': 'requires credentials: read' }),
);
