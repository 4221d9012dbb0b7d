import { expect, test } from 'vitest';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { withoutLimiterStore } from '../../../harness/contract/limiter-store.ts';
import { asking, VALID } from './rules/problems.ts';

const reachesWith = (store: string | undefined, reaches: readonly string[]) =>
  withoutLimiterStore(contractSchema.parse({ ...VALID, ...asking({ reaches }), limiter: { store } })).endpoints.ask
    ?.reaches;

test("requests to the limiter's store are no calls of an endpoint, except queries of the database", () => {
  expect(reachesWith('cache', ['cache', 'llm'])).toEqual(['llm']);
  expect(reachesWith(undefined, ['cache', 'llm'])).toEqual(['cache', 'llm']);
  expect(reachesWith('database', ['database'])).toEqual(['database']);
});
