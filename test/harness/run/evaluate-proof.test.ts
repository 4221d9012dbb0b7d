import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Reads the expected durations of a scenario in another process, which also prints whether it has loaded the engine. */
function readIn(folder: string, ...recoverySeconds: number[]): { seconds: number; isEvaluated: boolean }[] {
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
    const read = [];
    for (const recoverySeconds of ${JSON.stringify(recoverySeconds)}) {
      reference.profiles.fast.breakers.llm.recoverySeconds = recoverySeconds;
      const { proof } = await loadScenario('chaos/llm-outage', contractSchema.parse(reference), 'fast');
      read.push({ seconds: proof.seconds, isEvaluated });
    }
    console.log(JSON.stringify(read));`;
  const env = { PATH: process.env.PATH, NODE_COMPILE_CACHE: folder };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, encoding: 'utf8' }));
}

test('a proof is kept for later processes until the contract changes', async () => {
  const folder = await temporaryFolder();
  const [first] = readIn(folder, 2);
  expect(first?.isEvaluated).toBe(true);
  const [again, changed] = readIn(folder, 2, 9);
  expect(again).toEqual({ ...first, isEvaluated: false });
  expect(changed).toEqual({ isEvaluated: true, seconds: expect.any(Number) });
  expect(changed?.seconds).toBeGreaterThan(first?.seconds ?? 0);
});
