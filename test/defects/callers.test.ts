import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../harness/run/run.ts';
import { IN_A_TEST } from '../support/in-a-test.ts';
import { notPassed } from '../support/not-passed.ts';

test.concurrent.each(['api-key-in-query', 'jwks-rs256', 'login-cookie'])(
  'a right service whose callers are those of %s passes, with uploads and forms',
  async (callers) => {
    const results = await mkdtemp(join(tmpdir(), 'proofload-callers-'));
    try {
      const { scenarios } = await run({
        ...IN_A_TEST,
        name: callers,
        scenarios: ['stress/smoke'],
        contract: `test/defects/callers/${callers}.ts`,
        command: undefined,
        results,
        signal: new AbortController().signal,
      });
      const findings = scenarios.flatMap((scenario) => scenario.findings);
      expect(notPassed(findings)).toEqual([]);
      expect(findings.length).toBeGreaterThan(5);
    } finally {
      await rm(results, { recursive: true, force: true });
    }
  },
);
