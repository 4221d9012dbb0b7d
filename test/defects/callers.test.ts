import { expect, test } from 'vitest';
import { ALONE_MS } from '../support/limits.ts';
import { notPassed } from '../support/not-passed.ts';
import { decidedFor } from './judged.ts';

test.concurrent.each(['api-key-in-query', 'jwks-rs256', 'login-cookie'])(
  'a right service whose callers are those of %s passes, with uploads and forms',
  async (callers) => {
    const { findings } = await decidedFor(`test/defects/callers/${callers}.ts`, 'stress/smoke');
    expect(notPassed(findings.values())).toEqual([]);
    expect(findings.size).toBeGreaterThan(5);
  },
  ALONE_MS,
);
