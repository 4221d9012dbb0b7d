import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { unknownChecker } from '../../../harness/checkers/index.ts';
import { contractSchema } from '../../../harness/contract/contract.ts';
import { loadScenario } from '../../../harness/run/scenario.ts';
import { names, reference } from './promises-everything.ts';

/** Reads the expected duration of a scenario in another process, which also prints whether it loaded the engine. */
function readIn(folder: string, recoverySeconds: number): { seconds: number; isEvaluated: boolean } {
  const [contract = '', loader = ''] = ['service/proofload.config.ts', 'harness/run/scenario.ts'].map(
    (path) => pathToFileURL(path).href,
  );
  const code = `
    import { registerHooks } from 'node:module';
    let isEvaluated = false;
    registerHooks({
      load(url, context, next) {
        isEvaluated ||= url.endsWith('/engine/index.ts');
        return next(url, context);
      },
    });
    const { default: reference } = await import('${contract}');
    const { loadScenario } = await import('${loader}');
    const { contractSchema } = await import('${new URL('../contract/contract.ts', loader).href}');
    reference.profiles.fast.breakers.llm.recoverySeconds = ${recoverySeconds};
    const { proof } = await loadScenario('chaos/llm-outage', contractSchema.parse(reference), 'fast');
    console.log(JSON.stringify({ seconds: proof.seconds, isEvaluated }));`;
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: folder };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' }));
}

test('a proof is kept for later processes until the contract changes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proofs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const first = readIn(folder, 2);
  expect(first.isEvaluated).toBe(true);
  expect(readIn(folder, 2)).toEqual({ ...first, isEvaluated: false });
  const changed = readIn(folder, 9);
  expect(changed.isEvaluated).toBe(true);
  expect(changed.seconds).toBeGreaterThan(first.seconds);
});

test('the scenarios of this package name only checks that exist', async () => {
  const contract = contractSchema.parse(reference);
  const loaded = await Promise.all(names.map((name) => loadScenario(name, contract, 'fast')));
  const scenarios = loaded.flatMap((each) => ('skipped' in each ? (each.scenario ?? []) : each));
  expect(scenarios.length).toBeGreaterThan(40);
  expect(scenarios.flatMap(({ proof }) => unknownChecker(proof.holds) ?? [])).toEqual([]);
});
