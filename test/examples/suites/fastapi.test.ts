import { spawnSync } from 'node:child_process';
import { test } from 'vitest';
import { expectPass } from './run-suites.ts';

const PACKAGES = ['fastapi', 'uvicorn', 'httpx', 'asyncpg', 'limits', 'circuitbreaker'];

const python = spawnSync('/usr/bin/python3', ['-c', `import ${PACKAGES.join(', ')}`]);
const debian = PACKAGES.map((name) => `python3-${name}`).join(' ');
const missing = python.status === 0 ? '' : `Python's packages are not installed (apt-get install ${debian})`;

if (missing) console.warn(`the FastAPI example is skipped: ${missing}`);

test('the FastAPI example passes its suites', async (context) => {
  if (missing) context.skip(missing);
  await expectPass('examples/fastapi', context);
});
