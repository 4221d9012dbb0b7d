import { expect, test } from 'vitest';
import { packageClosure } from './package-closure.ts';

test('collects packages and their dependencies, each once', () => {
  const locked = {
    'node_modules/a': { dependencies: { b: '1' } },
    'node_modules/b': { dependencies: { c: '1' } },
    'node_modules/c': { dependencies: { a: '1' } },
    'node_modules/unrelated': {},
  };
  expect(packageClosure(locked, ['a', 'b'])).toEqual(['node_modules/a', 'node_modules/b', 'node_modules/c']);
});

test('finds packages like Node does: the nearest one', () => {
  const locked = {
    'node_modules/@s/a': { dependencies: { b: '2', c: '1' } },
    'node_modules/@s/a/node_modules/b': { dependencies: { c: '1', d: '1' } },
    'node_modules/@s/a/node_modules/d': {},
    'node_modules/b': {},
    'node_modules/c': {},
    'node_modules/d': {},
  };
  expect(packageClosure(locked, ['@s/a'])).toEqual([
    'node_modules/@s/a',
    'node_modules/@s/a/node_modules/b',
    'node_modules/@s/a/node_modules/d',
    'node_modules/c',
  ]);
});

test('includes peers, but no optional peers, and optional packages only if they are installed', () => {
  const locked = {
    'node_modules/a': {
      peerDependencies: { peer: '1', vite: '1' },
      peerDependenciesMeta: { vite: { optional: true } },
      optionalDependencies: { native: '1', other: '1' },
    },
    'node_modules/native': {},
    'node_modules/peer': {},
    'node_modules/vite': {},
  };
  expect(packageClosure(locked, ['a'])).toEqual(['node_modules/a', 'node_modules/native', 'node_modules/peer']);
});

test('names a required package that is not in the lock file', () => {
  const locked = { 'node_modules/a': { dependencies: { b: '1' } } };
  expect(() => packageClosure(locked, ['a'])).toThrow('b, which node_modules/a needs, is not in package-lock.json');
  expect(() => packageClosure(locked, ['c'])).toThrow('c, which the project needs, is not in package-lock.json');
});
