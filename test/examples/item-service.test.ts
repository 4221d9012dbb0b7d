import { expect, test } from 'vitest';
import { proofload } from '../support/command-line.ts';

const FOLDER = 'examples/item-service';
const run = (...args: string[]) => proofload(['run', ...args], { CONTRACT: 'proofload.yaml' }, FOLDER);

test('the service in the README passes the scenarios that its contract allows', async () => {
  const { code, text } = await (await run('stress/smoke', 'stress/rate-limits')).exited;
  expect(text).toMatch(/^PASS: 2 of 2 scenarios/m);
  expect(code).toBe(0);
});
