import { test } from 'vitest';
import { expectInstalled, expectPass } from './run-suites.ts';

test('the LLM gateway example passes its suites', async (context) => {
  expectInstalled();
  await expectPass('examples/llm-gateway', context);
});
