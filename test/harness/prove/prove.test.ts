import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { prove } from '../../../harness/prove/prove.ts';
import { IN_A_TEST } from '../../support/in-a-test.ts';

test('a check of a small service notices a defect that is made on the wire', { timeout: 120_000 }, async () => {
  const results = await mkdtemp(join(tmpdir(), 'proofload-prove-'));
  onTestFinished(() => rm(results, { recursive: true, force: true }));
  const rounds: number[] = [];
  const { verdict, proved } = await prove({
    ...IN_A_TEST,
    name: 'prove',
    contract: 'examples/item-service/proofload.yaml',
    scenarios: ['stress/smoke'],
    results,
    signal: new AbortController().signal,
    onRound: (_, scenarios) => rounds.push(scenarios),
    onTried() {},
  });
  // A mutant that found nothing to act on gets another run, without the others.
  expect({ verdict, rounds }).toEqual({ verdict: 'PASS', rounds: [1, 1] });
  const outcomes = proved?.pairs.map(({ checker, mutant, outcome }) => `${checker} × ${mutant}: ${outcome}`);
  expect(outcomes).toEqual([
    'endpoints-served × endpoint-fails: caught',
    'endpoints-reach-upstreams × upstream-call-duplicated: impossible',
  ]);
  const written = JSON.parse(await readFile(join(results, 'latest', 'verdict.json'), 'utf8'));
  expect(written.proved).toEqual(proved);
});
