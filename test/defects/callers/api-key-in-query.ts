import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'query', CREDENTIALS: '${keys}', CLIENT: 'forwarded' },
  authentication: { kind: 'api-key', query: 'key', keySetting: 'CREDENTIALS' },
  client: { forwarded: { hop: 2 } },
});
