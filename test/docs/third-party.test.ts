import { expect, test } from 'vitest';
import { installedByDefault } from './third-party.ts';

/** Licenses that allow commercial use, and don't require users to publish their own code. */
const ALLOWED = /^\(?(0BSD|Apache-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|CC0-1\.0|ISC|MIT|PSF-2\.0)\b/;

test('every package of a default install has a permissive license', async () => {
  const installed = await installedByDefault();
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(({ license }) => !ALLOWED.test(license))).toEqual([]);
});
