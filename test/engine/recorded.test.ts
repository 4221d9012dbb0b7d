import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { startEcho } from './echo-server.ts';
import { runWarmEngine, script } from './engine-process.ts';
import { reduceLog } from './recorded/reduce-log.ts';

/** The expected lines are k6 v2.2.0's log. */
test.each(['odd-requests', 'odd-cookies', 'auth-and-compression', 'validation'])(
  '%s behaves like in k6',
  async (name) => {
    await using echo = await startEcho();
    const recorded = JSON.parse(await readFile(new URL(`recorded/${name}.json`, import.meta.url), 'utf8'));
    const run = await runWarmEngine(
      ['run', '--quiet', '--log-format', 'json', '-e', `HOST=${echo.host}`, script(name)],
      tmpdir(),
    );
    expect(run.exitCode).toBe(0);
    expect(reduceLog(run.stderr, echo.host)).toEqual(recorded);
  },
);
