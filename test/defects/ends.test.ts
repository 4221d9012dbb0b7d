import { expect, test } from 'vitest';
import { ALONE_MS } from '../support/limits.ts';
import { decidedFor } from './judged.ts';

test.concurrent.each(['lame-duck', 'draining'])(
  'a right service passes when it ends: %s',
  async (service) => {
    const { findings } = await decidedFor(`test/defects/ends/${service}.ts`, 'chaos/termination');
    // On a busy machine, times may prove nothing.
    expect([...findings.values()].filter((finding) => finding.verdict === 'FAIL')).toEqual([]);
    expect(findings.get('requests in progress at SIGTERM')?.verdict).toBe('PASS');
  },
  ALONE_MS,
);
