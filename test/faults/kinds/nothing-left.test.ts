import { expect, test } from 'vitest';
import { startFakeLab } from '../../mocks/fake-lab.ts';

test.each([
  ['requests', {}, 'anthropic-ratelimit-requests'],
  ['tokens', { of: 'tokens' }, 'anthropic-ratelimit-input-tokens'],
])('serves the request, and says that no %s remain', async (of, field, anthropic) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'nothing-left', seconds: 7, next: 1, ...field });
  const before = Date.now();
  const { status, headers, text } = await lab.complete();
  expect([status, JSON.parse(text).object]).toEqual([200, 'chat.completion']);
  expect(headers).toMatchObject({
    [`x-ratelimit-remaining-${of}`]: '0',
    [`x-ratelimit-reset-${of}`]: '7s',
    [`${anthropic}-remaining`]: '0',
  });
  const reset = String(headers[`${anthropic}-reset`]);
  expect(reset).toMatch(/^[\d-]+T[\d:]+Z$/);
  expect(Date.parse(reset) - before).toBeGreaterThanOrEqual(7_000);
  expect(Date.parse(reset) - Date.now()).toBeLessThan(9_500);
  expect((await lab.complete()).headers[`x-ratelimit-remaining-${of}`]).not.toBe('0');
});
