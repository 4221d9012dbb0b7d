import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { mainOf } from '../../../harness/process/main-of.ts';

test('a program starts from its modules, or from a bundle if there are bundles', () => {
  vi.stubEnv('PROOFLOAD_BUNDLES', '');
  for (const program of ['engine', 'mocks'] as const) expect(existsSync(mainOf(program))).toBe(true);
  vi.stubEnv('PROOFLOAD_BUNDLES', '/bundles');
  expect(mainOf('engine')).toBe('/bundles/engine/main.js');
});
