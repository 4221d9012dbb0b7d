import { existsSync } from 'node:fs';
import { test } from 'vitest';
import { expectPass } from './run-suites.ts';
import { testWrongSettings, type Wrong } from './wrong-settings.ts';

const missing = existsSync('/usr/sbin/haproxy') ? '' : 'haproxy is not installed (apt-get install haproxy)';

if (missing) console.warn(`the haproxy example is skipped: ${missing}`);

const WRONG: Readonly<Record<string, Wrong>> = {
  'no verification': {
    field: 'TLS_VERIFY',
    value: 'none',
    scenario: 'chaos/impostor',
    says: 'Certificate verification is off',
  },
  'no name of the API': {
    field: 'TLS_NAME',
    value: '""',
    scenario: 'chaos/impostor',
    says: 'HAProxy has no `verifyhost`',
    isUsual: true,
  },
  'a limit of one more': {
    field: 'LIMIT',
    value: '"21"',
    scenario: 'stress/rate-limits',
    says: 'allowed beyond it, 0 refused below it',
    isUsual: true,
  },
  'a rate that is 10 % higher': {
    field: 'LIMIT_WINDOW',
    value: '1800ms',
    scenario: 'stress/rate-limits',
    says: 'allowed beyond it, 0 refused below it',
  },
  'a header as the key of the limit': {
    field: 'LIMIT_KEY',
    value: 'hdr(x-user)',
    scenario: 'stress/rate-limits',
    says: 'whose key is empty',
  },
  'one limit for all clients': {
    field: 'LIMIT_KEY',
    value: 'dst_port',
    scenario: 'stress/rate-limits',
    says: 'The key of the counter lacks the client',
  },
  'a POST that is sent again': {
    field: 'RETRY_ON',
    value: 'all-retryable-errors',
    scenario: 'chaos/retry-amplification',
    says: 'a proxy tries the next server',
  },
  'no timeout': {
    field: 'READ_TIMEOUT',
    value: '1h',
    scenario: 'chaos/fault-answers',
    says: 'The calls to items have no timeout',
  },
};

test('the haproxy example passes its suites', async (context) => {
  if (missing) context.skip(missing);
  await expectPass('examples/haproxy', context);
});

testWrongSettings('examples/haproxy', WRONG, missing);
