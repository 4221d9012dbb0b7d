import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'jwt', JWKS_URL: '${jwks}', CLIENT: 'user' },
  authentication: { kind: 'bearer-jwt-rs256' },
  client: 'user',
  user: 'user-${client}',
  ofUsers: true,
});
