import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startTarget } from '../k6-golden/target.mjs';
import { parseLines, warmEngine } from './engine-process.ts';

/** None of the scripts needs much memory. */
const run = warmEngine(['--max-old-space-size=200']);

const EXAMPLES = fileURLToPath(new URL('scripts/examples/', import.meta.url));

/**
 * Reads the expected outcome from a script's first lines: `exit:` is the exit code, `says:` the console output, and
 * `logs:` a part of an error message.
 */
const expectations = (source: string) => {
  const all = (name: string) => [...source.matchAll(new RegExp(`^// ${name}: (.*)$`, 'gm'))].map(([, text]) => text);
  return { exitCode: Number(all('exit')[0] ?? 0), says: all('says'), logs: all('logs') };
};

const scripts = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.js'));

test.for(scripts)('%s behaves as the k6 documentation says', async (name) => {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-example-'));
  const target = await startTarget();
  onTestFinished(async () => {
    await target.close();
    await rm(folder, { recursive: true, force: true });
  });
  const expected = expectations(await readFile(join(EXAMPLES, name), 'utf8'));
  const args = ['run', '--quiet', '--log-format', 'json', '-e', `TARGET=${target.url}`, join(EXAMPLES, name)];
  const { stderr, exitCode } = await run(args, folder);
  const lines = parseLines(stderr);
  expect(lines.filter(({ source }) => source === 'console').map(({ msg }) => msg)).toEqual(expected.says);
  const errors = lines.filter(({ level, source }) => level === 'error' && source !== 'console').map(({ msg }) => msg);
  if (expected.exitCode !== 99 && expected.logs.length === 0) expect(errors).toEqual([]);
  for (const part of expected.logs) expect(errors.join('\n')).toContain(part);
  expect(exitCode).toBe(expected.exitCode);
});
