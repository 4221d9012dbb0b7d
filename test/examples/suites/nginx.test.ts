import { existsSync } from 'node:fs';
import { test } from 'vitest';
import { expectPass } from './run-suites.ts';
import { testWrongSettings, type Wrong } from './wrong-settings.ts';

const missing = existsSync('/usr/sbin/nginx') ? '' : 'nginx is not installed (apt-get install nginx-light)';

if (missing) console.warn(`the nginx example is skipped: ${missing}`);

const WRONG: Readonly<Record<string, Wrong>> = {
  'no verification': {
    field: 'TLS_VERIFY',
    value: '"off"',
    scenario: 'chaos/impostor',
    says: 'Certificate verification is off',
    isUsual: true,
  },
  'another name than that of the API': {
    field: 'TLS_NAME',
    value: '$proxy_host',
    scenario: 'stress/smoke',
    says: 'expects another host name in the certificate',
  },
  'a rate that is 10 % higher': {
    field: 'LIMIT_RATE',
    value: '11r/s',
    scenario: 'stress/rate-limits',
    says: 'The bucket is refilled too fast',
    isUsual: true,
  },
  'a burst of one more': {
    field: 'LIMIT_BURST',
    value: '"20"',
    scenario: 'stress/rate-limits',
    says: 'The bucket has 21 tokens instead of 20',
  },
  'a header as the key of the limit': {
    field: 'LIMIT_KEY',
    value: '$http_x_forwarded_for',
    scenario: 'stress/rate-limits',
    says: 'whose key is empty',
  },
  'one limit for all clients': {
    field: 'LIMIT_KEY',
    value: '$server_port',
    scenario: 'stress/rate-limits',
    says: 'The key of the counter lacks the client',
  },
  'a POST that is sent again': {
    field: 'RETRY_ON',
    value: 'error timeout http_503 non_idempotent',
    scenario: 'chaos/retry-amplification',
    says: 'attempts at items: ',
  },
  'no timeout': {
    field: 'READ_TIMEOUT',
    value: '1h',
    scenario: 'chaos/fault-answers',
    says: 'The calls to items have no timeout',
  },
  'SIGTERM instead of SIGQUIT': {
    field: 'termination',
    value: '{ graceSeconds: 5, inFlight: finished }',
    scenario: 'chaos/termination',
    says: 'The process does not wait for its requests',
    isUsual: true,
  },
};

test('the nginx example passes its suites', async (context) => {
  if (missing) context.skip(missing);
  await expectPass('examples/nginx', context);
});

testWrongSettings('examples/nginx', WRONG, missing);
