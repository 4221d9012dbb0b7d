import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'token', CREDENTIALS: '${users}' },
  authentication: { kind: 'login', endpoint: 'login', token: 'data.token', keySetting: 'CREDENTIALS' },
  ofUsers: true,
  login: 200,
});
