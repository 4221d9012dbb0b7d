import { existsSync } from 'node:fs';
import { expect, type TestContext } from 'vitest';
import { EXIT } from '../../../harness/base/errors.ts';
import { proofload } from '../../support/command-line.ts';

/** Expects that the packages of the examples in JavaScript are installed. */
export function expectInstalled(): void {
  expect(existsSync('examples/node_modules'), 'make examples installs the packages').toBe(true);
}

/**
 * Runs the suites `stress` and `chaos` of an example in its folder, and expects PASS. If all that is INCONCLUSIVE, also
 * when it was measured again, is so because of the noise of this machine, the test is skipped, and says so.
 */
export async function expectPass(
  folder: string,
  { skip }: Pick<TestContext, 'skip'>,
  environment: Record<string, string> = {},
): Promise<void> {
  const run = await proofload(['run', 'stress', 'chaos'], { CONTRACT: 'proofload.yaml', ...environment }, folder);
  const { code, text } = await run.exited;
  const noise = code === EXIT.inconclusive ? onlyNoise(text) : undefined;
  if (noise !== undefined) {
    console.warn(`NOT JUDGED: ${folder}, because this machine is too noisy: ${noise}`);
    skip(noise);
  }
  expect(text).toMatch(/^PASS: \d+ of \d+ scenarios/m);
  expect(code).toBe(0);
}

/** Returns the checks that are INCONCLUSIVE if the evidence of each is the noise of this machine, or undefined. */
export function onlyNoise(text: string): string | undefined {
  const undecided = text.split(/^(?=[A-Z]+ {2,}\S+\/)/m).filter((scenario) => scenario.startsWith('INCONCLUSIVE'));
  const checks = undecided.flatMap((scenario) => {
    const found = scenario.split(/^ {2}INCONCLUSIVE {2}/m).slice(1);
    return found.length > 0 ? found : [scenario];
  });
  const isNoise = checks.length > 0 && checks.every((check) => / minus .* of machine noise/.test(check));
  return isNoise ? checks.map((check) => check.split('\n', 1)[0]).join('; ') : undefined;
}
