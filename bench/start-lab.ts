import { execFile } from 'node:child_process';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BenchResults } from './lib/bench-results.ts';
import { figureOf } from './lib/figures.ts';

/** Starts three labs as tests do, one of which runs already, and prints how many seconds each takes. */
const TEST = `
const seconds = [];
const timed = async (options) => {
  const began = performance.now();
  const { startLab } = await import(${JSON.stringify(resolve('harness/index.ts'))});
  const lab = await startLab({ contract: 'service/proofload.config.ts', ...options });
  seconds.push((performance.now() - began) / 1_000);
  await lab[Symbol.asyncDispose]();
};
await timed({});
await timed({});
const shared = { idleSeconds: 5 };
await timed({ shared });
await timed({ shared });
console.log(JSON.stringify(seconds));
process.exit();
`;

/** The starts that are timed, and the longest that each may take, in seconds. */
const TIMED = {
  'the first lab of a process': 1.5,
  'the second lab of a process': undefined,
  'the first use of a shared lab': undefined,
  'the next use of a shared lab': 0.5,
};

/** Implements `make bench-start-lab`, which measures how long `startLab` takes for the reference service. */
async function main(rounds: number): Promise<void> {
  const results = await BenchResults.open('bench-start-lab');
  await using folder = await mkdtempDisposable(join(tmpdir(), 'bench-start-lab-'));
  // As in users' tests, nobody names a folder for compiled modules.
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  const run = async (): Promise<number[]> => {
    const started = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', TEST], {
      env: { ...environment, XDG_CACHE_HOME: folder.path },
    });
    return JSON.parse((await started).stdout);
  };
  await run();
  const took: number[][] = [];
  for (let round = 0; round < rounds; round += 1) took.push(await run());
  const figures = Object.entries(TIMED).map(([of, atMost], index) =>
    figureOf(
      took.map((seconds) => seconds[index] as number),
      {
        what: 'time of startLab',
        of,
        unit: ' s',
        ...(atMost !== undefined && { bound: { atMost } }),
        from: `median of ${rounds}`,
      },
    ),
  );
  await results.judge(figures);
}

await main(7);
