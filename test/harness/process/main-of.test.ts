import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { mainOf } from '../../../harness/process/main-of.ts';

test('a program starts from its modules, or from a bundle if there are bundles', () => {
  vi.stubEnv('PROOFLOAD_BUNDLES', '');
  for (const program of ['engine', 'mocks'] as const) expect(existsSync(mainOf(program))).toBe(true);
  vi.stubEnv('PROOFLOAD_BUNDLES', '/bundles');
  expect(mainOf('engine')).toBe('/bundles/engine/main.js');
});

test('in an installed package, only the engine is a bundle', () => {
  vi.stubEnv('PROOFLOAD_BUNDLES', '');
  const root = new URL('file:///project/node_modules/proofload/');
  expect(mainOf('engine', root)).toBe('/project/node_modules/proofload/bundles/engine/main.js');
  expect(mainOf('mocks', root)).toBe('/project/node_modules/proofload/mocks/main.ts');
});
