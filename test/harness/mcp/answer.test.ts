import { expect, test } from 'vitest';
import { contentOf, fit, LIMIT, sizeOf } from '../../../harness/mcp/answer.ts';

const long = 'é"\n'.repeat(500);

test.each([
  { verdict: 'FAIL', checks: Array.from({ length: 300 }, (_, index) => ({ check: `check ${index}`, observed: long })) },
  { lists: Array.from({ length: 50 }, () => ({ because: long, scenarios: Array(90).fill('chaos/outage') })) },
  { text: long },
])('a long result is shortened to the limit, and says how much is left out', (data) => {
  const fitting = fit(data, LIMIT.usual);
  expect(sizeOf(fitting)).toBeLessThanOrEqual(4_096);
  expect(sizeOf(fitting)).toBeGreaterThan(500);
  const [name = '', given] = Object.entries(data).at(-1) ?? [];
  const { [name]: shown, omitted } = fitting as Record<string, unknown[]>;
  if (Array.isArray(given)) expect(omitted).toMatchObject({ [name]: given.length - (shown?.length ?? 0) });
});

test('a short result is not changed, and its text says the same as its data', () => {
  const data = { verdict: 'PASS', checks: [{ check: 'opens: "llm"', evidence: ['two\nlines'] }] };
  expect(fit(data, LIMIT.usual)).toBe(data);
  const { content, structuredContent } = contentOf(data);
  expect(structuredContent).toBe(data);
  expect(content[0]?.text).toBe(
    'verdict: PASS\nchecks:\n  - check: \'opens: "llm"\'\n    evidence:\n      - |-\n        two\n        lines',
  );
});

test('calls to make next are never cut', () => {
  const next = [`why {"check":"${'x'.repeat(300)}"}`];
  expect(fit({ text: long, next }, LIMIT.usual)).toMatchObject({ next });
});
