import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'cookie', CREDENTIALS: '${users}', CLIENT: 'user' },
  authentication: { kind: 'login', endpoint: 'login', cookie: 'sid', keySetting: 'CREDENTIALS' },
  client: 'user',
  ofUsers: true,
  login: 303,
});
