import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'bearer', CREDENTIALS: '${keys}', CLIENT: 'header' },
  authentication: { kind: 'bearer', keySetting: 'CREDENTIALS' },
  client: { header: 'X-Tenant' },
});
