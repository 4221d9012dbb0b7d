import { expect, test } from 'vitest';
import { DEFECTS } from './catalogue.ts';
import { runDefect } from './run-defect.ts';

/** A sample of each kind. `make prove` runs all of them. */
const SOME = DEFECTS.filter(({ inTests }) => inTests);

test.concurrent.each(SOME)('$name fails $scenario: $check', async (defect) => {
  const { failed } = await runDefect(defect);
  expect(failed.get(defect.checker)).toContain(defect.check);
});
