import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'jwt', JWKS_URL: '${jwks}', CLIENT: 'user' },
  authentication: { kind: 'bearer-jwt-rs256' },
  client: 'user',
  user: 'user-${client}',
  ofUsers: true,
});

export const defects = inProgram(
  'service.ts',
  each('stress/smoke', 'endpoints-ask-for-proof', {
    'expiry-of-signed-token-not-checked': 'requires credentials: write',
  }),
);
