import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'bearer', CREDENTIALS: '${keys}', CLIENT: 'key' },
  authentication: { kind: 'bearer', keySetting: 'CREDENTIALS' },
  client: 'key',
});
