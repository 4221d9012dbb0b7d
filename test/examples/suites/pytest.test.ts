import { expect, test } from 'vitest';
import { type OwnTests, runOwnTests, succeeds } from './own-tests.ts';

const missing = succeeds(['pytest', '--version']) ? '' : 'pytest is not installed (pip install pytest)';

if (missing) console.warn(`the pytest example is skipped: ${missing}`);

const EXAMPLE: OwnTests = {
  folder: 'examples/pytest',
  command: ['pytest', '-p', 'no:cacheprovider'],
  source: 'service.py',
  right: 'self.respond(503, {"error": "the LLM failed"})',
  wrong: 'self.respond(200, {"answer": "I do not know"})',
};

test('the tests in Python pass, and fail if the service hides failures of its LLM', async ({ skip }) => {
  if (missing) skip(missing);
  const whole = await runOwnTests(EXAMPLE, false);
  expect(whole.text).toMatch(/ 3 passed /);
  expect(whole.code).toBe(0);
  const broken = await runOwnTests(EXAMPLE, true);
  expect(broken.text).toMatch(/^FAILED \S+::test_an_llm_that_fails_is_503_until_it_works_again /m);
  expect(broken.text).toContain('assert 200 == 503');
  expect(broken.code).toBe(1);
});
