import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NOBODY } from '../../harness/report/live/watcher.ts';
import { run } from '../../harness/run.ts';

/** Each service with a known defect, the scenario that is meant to catch it, and the check that must say FAIL. */
const DEFECTS = [
  ['limiter-off-on-one-endpoint', 'stress/rate-limits', 'admits exactly N: activities-suggest, first window'],
  ['limit-off-by-one', 'stress/rate-limits', 'admits exactly N: conversation-end, first window'],
  ['breaker-opens-after-6', 'chaos/memory-outage', 'opens at the threshold'],
  ['breaker-never-half-opens', 'chaos/llm-outage', 'admits one trial'],
  ['half-open-lets-all-through', 'chaos/llm-outage', 'admits one trial'],
  ['pool-without-ceiling', 'stress/connection-ceiling', 'pool never passes its maximum'],
  ['connection-held-during-upstream-call', 'stress/connection-ceiling', 'pool free: groq in conversation-end'],
  ['database-silence-waited-out', 'chaos/database-outage', 'answers in time: blackhole'],
  ['database-loss-is-an-internal-error', 'chaos/database-outage', 'answers in time: terminate'],
  ['tls-verification-off', 'chaos/impostor', 'impostor gets nothing: groq self-signed, conversation-end'],
  ['weak-secret-accepted', 'chaos/weak-secret', 'refuses to start: empty'],
] as const;

test.concurrent.each(DEFECTS)('%s fails %s: %s', { timeout: 90_000 }, async (defect, scenario, check) => {
  const results = await mkdtemp(join(tmpdir(), 'proofload-defect-'));
  try {
    const { verdict, scenarios } = await run({
      name: defect,
      scenarios: [scenario],
      contract: 'service/contract.ts',
      command: ['node', `test/defects/${defect}.ts`],
      profile: 'fast',
      engine: 'auto',
      postgres: 'auto',
      fakes: 'process',
      seed: 1,
      results,
      say: () => {},
      watcher: NOBODY,
      signal: new AbortController().signal,
    });
    const failed = scenarios.flatMap(({ findings }) => findings.filter((finding) => finding.verdict === 'FAIL'));
    expect(failed.map((finding) => finding.check)).toContain(check);
    expect(verdict).toBe('FAIL');
  } finally {
    await rm(results, { recursive: true, force: true });
  }
});
