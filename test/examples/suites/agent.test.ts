import { test } from 'vitest';
import { expectInstalled, expectPass } from './run-suites.ts';

test('the agent example passes its suites', async (context) => {
  expectInstalled();
  await expectPass('examples/agent', context);
});
