import { afterAll, expect, vi } from 'vitest';
import { secrets } from '../../harness/base/secrets.ts';

const names = ['setTimeout', 'setInterval', 'setImmediate', 'Date', 'fetch'] as const;
const originals = names.map((name) => globalThis[name]);

/** Words in what other tests expect. A secret that begins or ends with one of them hides it from then on. */
const WORDS = 'password username authorization proofload 127.0.0.1';

// Files share a process. What one of them replaces and doesn't give back would change the next ones.
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  const kept = names.filter((name, at) => globalThis[name] !== originals[at]);
  expect(kept, 'this file has to give back what it replaced').toEqual([]);
  expect(secrets.redact(WORDS), "this file's secrets hide common words: use others").toBe(WORDS);
});
