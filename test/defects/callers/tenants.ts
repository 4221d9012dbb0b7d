import { each, inProgram } from '../defect.ts';
import { contractOf } from './contract-of.ts';

export default contractOf({
  settings: { AUTHENTICATION: 'bearer', CREDENTIALS: '${keys}', CLIENT: 'header' },
  authentication: { kind: 'bearer', keySetting: 'CREDENTIALS' },
  client: { header: 'X-Tenant' },
});

export const defects = inProgram(
  'service.ts',
  each('stress/rate-limits', 'rate-limit-isolated', {
    'limit-counts-keys': 'other clients unaffected by the limit: write',
  }),
  each('stress/identity', 'rate-limit-unnamed', {
    'callers-without-a-header-free': 'callers without a name are refused or limited: write',
    'callers-with-an-empty-header-free': 'callers without a name are refused or limited: write',
  }),
);
