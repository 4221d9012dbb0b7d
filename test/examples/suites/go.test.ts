import { expect, test } from 'vitest';
import { type OwnTests, runOwnTests, succeeds } from './own-tests.ts';

const missing = succeeds(['go', 'version']) ? '' : 'Go is not installed (apt-get install golang-go)';

if (missing) console.warn(`the Go example is skipped: ${missing}`);

const EXAMPLE: OwnTests = {
  folder: 'examples/go',
  command: ['go', 'test', '-count=1', '-v'],
  source: 'main.go',
  right: 'http.StatusServiceUnavailable, map[string]any{"error": "the LLM failed"}',
  wrong: 'http.StatusOK, map[string]any{"answer": "I do not know"}',
};

test('the tests in Go pass, and fail if the service hides failures of its LLM', async ({ skip }) => {
  if (missing) skip(missing);
  const whole = await runOwnTests(EXAMPLE, false);
  expect(whole.text.match(/^--- PASS: /gm)).toHaveLength(3);
  expect(whole.code).toBe(0);
  const broken = await runOwnTests(EXAMPLE, true);
  expect(broken.text).toMatch(/^--- FAIL: TestAFailingLlmIs503UntilItWorksAgain/m);
  expect(broken.text).toContain('status 200, want 503');
  expect(broken.code).toBe(1);
});
