import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { proofload } from '../../support/command-line.ts';
import { eventually } from '../../support/eventually.ts';
import { ALONE_MS } from '../../support/limits.ts';
import { decided } from '../../support/measured-again.ts';
import { processesWith } from '../../support/processes-with.ts';
import { called, product } from '../../support/product.ts';
import { noTerminal } from '../../support/pseudo-terminal.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A run was INCONCLUSIVE, which decides what runs next. */
class Undecided extends Error {}

/** Does what a test does, and again if a run was undecided. */
async function whileDecided(act: () => Promise<void>): Promise<void> {
  const undecided = await decided(
    'what is watched',
    () => act().catch((error) => (error instanceof Undecided ? error : Promise.reject(error))),
    (outcome) => outcome?.message,
  );
  expect(undecided).toBeUndefined();
}

/** Runs `proofload run --watch` for a copy of the item service in a terminal. */
async function watch(...scenarios: string[]) {
  const folder = await temporaryFolder();
  const service = join(folder, 'service');
  await cp('examples/item-service', service, { recursive: true, filter: (path) => !path.endsWith('/results') });
  const [file, args] = called(product.commandLine, ['run', ...scenarios, '--watch', '--contract', 'proofload.yaml']);
  const { CI, CONTRACT, GITHUB_ACTIONS, ...env } = process.env;
  const command = `stty cols 100 rows 40; exec ${[file, ...args].map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: service,
    env: { ...env, TERM: 'xterm', NO_COLOR: '1', TMPDIR: folder, RESULTS: join(service, 'results') },
    stdio: 'pipe',
  });
  const exited = once(child, 'exit').then(([code]) => code as number);
  let text = '';
  child.stdout.on('data', (more) => {
    text += more;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    exited,
    press: (key: string) => child.stdin.write(key),
    /** Waits for a text, and forgets the output until then. */
    async sees(expected: string) {
      await eventually(() => expect(text).toMatch(new RegExp(`${RegExp.escape(expected)}|^INCONCLUSIVE: `, 'm')));
      if (!text.includes(expected)) throw new Undecided(text);
      text = text.slice(text.indexOf(expected) + expected.length);
    },
    async change(from: string, to: string) {
      const path = join(service, 'server.mjs');
      await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
    },
    write: (name: string, content: string) => writeFile(join(service, name), content),
    left: () => processesWith(folder),
    rest: () => text,
  };
}

test(
  'runs all, then what failed again when the service changes, and all again when it passed',
  async ({ skip }) => {
    if (noTerminal) skip(noTerminal);
    await whileDecided(runsWhatFailed);
  },
  ALONE_MS,
);

async function runsWhatFailed(): Promise<void> {
  const watched = await watch('stress/rate-limits', 'stress/smoke');
  await watched.sees('PASS: 2 of 2 scenarios');
  await watched.sees('Waiting for changes.');
  await new Promise((later) => setTimeout(later, 2_000));
  await watched.write('notes.log', 'no code');
  await watched.change('LIMIT = 20', 'LIMIT = 60');
  await watched.sees('server.mjs has changed: running stress/rate-limits stress/smoke');
  await watched.sees('FAIL: ');
  await watched.sees('Waiting for changes.');
  await new Promise((later) => setTimeout(later, 2_000));
  await watched.change('LIMIT = 60', 'LIMIT = 20');
  await watched.sees('server.mjs has changed: running 1 scenario that did not pass');
  await watched.sees('PASS: 1 of 1 scenario');
  await watched.sees('Waiting for changes.');
  watched.press('f');
  await watched.sees('every scenario has passed');
  watched.press('q');
  expect(await watched.exited).toBe(0);
}

test(
  'a change ends a run and starts it again, but not a file that each run writes; Ctrl-C ends at once',
  async ({ skip }) => {
    if (noTerminal) skip(noTerminal);
    await whileDecided(startsAgain);
  },
  ALONE_MS,
);

async function startsAgain(): Promise<void> {
  const watched = await watch('stress/rate-limits');
  await watched.change(
    'const server =',
    "(await import('node:fs')).writeFileSync('state.json', `${Math.random()}`);\nconst server =",
  );
  for (let nth = 1; nth <= 2; nth += 1) await watched.sees('has changed: running stress/rate-limits');
  await watched.sees('state.json has changed during 3 runs in a row and starts no more: press Enter to run');
  await watched.sees('PASS: 1 of 1 scenario');
  watched.press('\r');
  await watched.sees('1 scenario, about');
  watched.press('\u0003');
  expect(await watched.exited).toBe(0);
  expect(watched.rest(), 'the run did not go on to its end').not.toMatch(/^(PASS|FAIL): /m);
  await eventually(async () => expect(await watched.left()).toEqual([]));
}

test('without a terminal, it is an error that says so', async () => {
  const { exited } = await proofload(['run', 'stress/smoke', '--watch']);
  const { code, text } = await exited;
  expect(text).toMatch(/^USAGE: --watch needs a terminal/);
  expect(code).toBe(2);
});
