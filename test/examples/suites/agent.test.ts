import { test } from 'vitest';
import { expectInstalled, expectPass } from './run-suites.ts';

test('the agent example passes its suites', { timeout: 900_000 }, async () => {
  expectInstalled();
  await expectPass('examples/agent');
});
