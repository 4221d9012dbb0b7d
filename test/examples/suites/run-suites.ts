import { existsSync } from 'node:fs';
import { expect } from 'vitest';
import { proofload } from '../../support/command-line.ts';

/** Expects that the packages of the examples in JavaScript are installed. */
export function expectInstalled(): void {
  expect(existsSync('examples/node_modules'), 'make examples installs the packages').toBe(true);
}

/** Runs the suites `stress` and `chaos` of an example in its folder, and expects PASS. */
export async function expectPass(folder: string, environment: Record<string, string> = {}): Promise<void> {
  const run = await proofload(['run', 'stress', 'chaos'], { CONTRACT: 'proofload.yaml', ...environment }, folder);
  const { code, text } = await run.exited;
  expect(text).toMatch(/^PASS: \d+ of \d+ scenarios/m);
  expect(code).toBe(0);
}
