import { afterAll, expect, vi } from 'vitest';

const names = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'fetch'] as const;
const originals = names.map((name) => globalThis[name]);

// Files share a process. What one of them replaces and doesn't give back would change the next ones.
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  const kept = names.filter((name, at) => globalThis[name] !== originals[at]);
  expect(kept, 'this file has to give back what it replaced').toEqual([]);
});
