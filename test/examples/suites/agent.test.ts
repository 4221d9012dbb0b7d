import { test } from 'vitest';
import { expectInstalled, expectPass } from './run-suites.ts';

test('the LLM gateway example passes its suites', { timeout: 900_000 }, async () => {
  expectInstalled();
  await expectPass('examples/agent');
});
