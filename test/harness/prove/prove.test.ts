import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT } from '../../../harness/base/errors.ts';
import { exitCodeOfProof } from '../../../harness/commands/prove.ts';
import { type ProveOptions, prove } from '../../../harness/prove/prove.ts';
import { readProofs } from '../../../harness/report/proofs.ts';
import bearer from '../../defects/callers/bearer.ts';
import { IN_A_TEST } from '../../support/in-a-test.ts';
import { ALONE_MS } from '../../support/limits.ts';
import { decided } from '../../support/measured-again.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Returns options for a small service, and how to read the result that was written. */
async function smallService() {
  const results = await temporaryFolder();
  const options: ProveOptions = {
    ...IN_A_TEST,
    name: 'prove',
    contract: 'examples/item-service/proofload.yaml',
    scenarios: ['stress/smoke'],
    results,
    signal: new AbortController().signal,
    onRound() {},
    onTried() {},
  };
  return { options, written: async () => JSON.parse(await readFile(join(results, 'latest', 'verdict.json'), 'utf8')) };
}

test(
  'a check of a small service notices a defect that is made on the wire',
  async () => {
    const { options, written, rounds, result } = await decided(
      'stress/smoke with mutants',
      async () => {
        const small = await smallService();
        const rounds: number[] = [];
        const onRound = (_: number, runs: number) => void rounds.push(runs);
        return { ...small, rounds, result: await prove({ ...small.options, onRound }) };
      },
      ({ result }) => (exitCodeOfProof(result) === EXIT.inconclusive ? result.verdict : undefined),
    );
    const { verdict, proved, service, started } = result;
    expect({ verdict, rounds }).toEqual({ verdict: 'PASS', rounds: [1] });
    const outcomes = proved?.pairs.map(({ checker, mutant, outcome }) => `${checker} × ${mutant}: ${outcome}`);
    expect(outcomes).toEqual(['endpoints-served × endpoint-fails: caught']);
    expect(proved?.unprovable).toContainEqual({
      checker: 'endpoints-reach-upstreams',
      why: expect.stringContaining('it has nothing to judge: no endpoint reaches an upstream'),
    });
    expect((await written()).proved).toEqual(proved);
    // It stays when the run is removed.
    const caught = { checker: 'endpoints-served', mutant: 'endpoint-fails', scenario: 'stress/smoke' };
    await rm(join(options.results, 'runs'), { recursive: true });
    expect((await readProofs(options.results, service)).files).toEqual([
      expect.objectContaining({ at: started, caught: [caught], missed: [] }),
    ]);
  },
  ALONE_MS,
);

test(
  'a check that fails does not prevent the proof of others in the same scenario',
  async () => {
    const { options } = await smallService();
    const folder = await temporaryFolder();
    const contract = join(folder, 'contract.json');
    const command = ['node', resolve('test/defects/callers/service.ts'), 'token-in-a-log-file'];
    const { start, endpoints } = bearer;
    const { upload: _, ...others } = endpoints;
    await writeFile(contract, JSON.stringify({ ...bearer, start: { ...start, command }, endpoints: others }));
    const result = await decided(
      'a check that fails, with mutants',
      () => prove({ ...options, contract }),
      (proof) => (exitCodeOfProof(proof) === EXIT.inconclusive ? proof.verdict : undefined),
    );
    expect([result.verdict, exitCodeOfProof(result), result.proved?.stopped]).toEqual(['FAIL', 99, undefined]);
    expect(result.proved?.pairs).toContainEqual(
      expect.objectContaining({ checker: 'endpoints-served', mutant: 'endpoint-fails', outcome: 'caught' }),
    );
    expect(result.proved?.unprovable).toContainEqual({
      checker: 'nothing-leaks',
      why: expect.stringMatching(
        /^it fails without mutants: files show no secret: line \d+ of \$\{folder\}\/access\.log/,
      ),
    });
  },
  ALONE_MS,
);

test('an error between runs loses no result', async () => {
  const { options, written } = await smallService();
  const onRound = () => {
    throw new Error('broken');
  };
  await expect(prove({ ...options, onRound })).rejects.toThrow('broken');
  expect(await written()).toMatchObject({ verdict: 'PASS', proved: { stopped: 'broken', pairs: [] } });
});
