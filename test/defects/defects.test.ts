import { expect, test } from 'vitest';
import { sharedPostgres } from '../support/embedded-postgres.ts';
import { DEFECTS } from './catalogue.ts';
import { runDefect } from './run-defect.ts';

/** A sample of each kind. `make prove` runs all of them. */
const SOME = DEFECTS.filter(({ inTests }) => inTests);

/** Takes most of the server's connections, which the other runs would lack. */
const NEEDS_SERVER = 'stress/connection-ceiling';

test.concurrent.each(SOME)('$name fails $scenario: $check', async (defect) => {
  const { adminUrl } = await sharedPostgres();
  const { failed } = await runDefect(defect, undefined, defect.scenario === NEEDS_SERVER ? undefined : adminUrl);
  expect(failed.get(defect.checker)).toContain(defect.check);
});
