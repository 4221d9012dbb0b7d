import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'jwt', JWKS_URL: '${jwks}', AUDIENCE: 'notes' },
  authentication: { kind: 'bearer-jwt-es256', audience: 'notes' },
  user: 'user-${unique}',
  ofUsers: true,
});

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'endpoints-ask-for-proof', {
    'algorithm-taken-from-the-token': 'requires credentials: write',
    'audience-not-checked': 'requires credentials: read',
  }),
);
