import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'basic', CREDENTIALS: '${users}', CLIENT: 'user' },
  authentication: { kind: 'basic', keySetting: 'CREDENTIALS' },
  client: 'user',
  ofUsers: true,
});
