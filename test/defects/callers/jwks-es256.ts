import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'jwt', JWKS_URL: '${jwks}', AUDIENCE: 'notes' },
  authentication: { kind: 'bearer-jwt-es256', audience: 'notes' },
  user: 'user-${unique}',
  ofUsers: true,
});
