import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { noRedis, startRedis } from '../../support/redis-server.ts';
import { expectPass } from './run-suites.ts';

const MODULES = ['gunicorn', 'flask', 'flask_limiter', 'redis', 'requests', 'psycopg'];
const PACKAGES = 'gunicorn python3-flask python3-flask-limiter python3-redis python3-requests python3-psycopg';

const python = spawnSync('/usr/bin/python3', ['-c', `import ${MODULES.join(', ')}`]);
const missing = python.status === 0 ? noRedis : `Python's packages are not installed (apt-get install ${PACKAGES})`;

if (missing) console.warn(`the Flask example is skipped: ${missing}`);

test('the Flask example passes its suites', { timeout: 900_000 }, async (context) => {
  if (missing) context.skip(missing);
  await using redis = await startRedis();
  await expectPass('examples/flask', context, { REDIS_URL: `redis://127.0.0.1:${redis.port}` });
});
