import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUILT_IN } from '../../../../harness/checkers/index.ts';
import { checkPagePath, checkPageUrl } from '../../../../harness/report/text/check-page.ts';

test('each checker has a page, whose path and address are known', () => {
  const names = BUILT_IN.map(({ name }) => name);
  expect(names.filter((name) => !existsSync(checkPagePath(name) ?? ''))).toEqual([]);
  expect(checkPageUrl('breaker-opens', 'https://git.example/acme/proofload#readme')).toBe(
    'https://git.example/acme/proofload/blob/main/docs/checks/breaker-opens.md',
  );
});

test("a team's own check, and what is no check, have none", () => {
  expect([checkPagePath('of-a-team'), checkPagePath(undefined), checkPageUrl('of-a-team', 'https://x')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
