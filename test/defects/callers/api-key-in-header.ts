import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'header', CREDENTIALS: '${keys}', CLIENT: 'key' },
  authentication: { kind: 'api-key', header: 'X-Api-Key', keySetting: 'CREDENTIALS' },
  client: 'key',
});
