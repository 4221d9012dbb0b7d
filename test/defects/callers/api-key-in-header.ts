import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'header', CREDENTIALS: '${keys}', CLIENT: 'key' },
  authentication: { kind: 'api-key', header: 'X-Api-Key', keySetting: 'CREDENTIALS' },
  client: 'key',
});

export const defects = inProgram(
  'service.ts',
  each('stress/rate-limits', 'rate-limit-isolated', {
    'limit-counts-sockets': 'other clients unaffected by the limit: write',
  }),
);
