import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { processesWith } from '../../support/processes-with.ts';
import { called, product } from '../../support/product.ts';

/** How many runs to interrupt with each signal, each at a different time. */
const ROUNDS = Number(process.env.INTERRUPTIONS ?? 1);

/** Slightly longer than a run, in milliseconds, so that some interruptions come after its end. */
const SPAN_MS = 11_000;

const moments = Array.from({ length: ROUNDS }, () =>
  (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const).map(
    (signal) => [signal, Math.round(Math.random() * SPAN_MS)] as const,
  ),
).flat();

test.concurrent.for(moments)(
  'a run that %s interrupts after %d ms leaves what can be read, and nothing running',
  async ([signal, after], { onTestFinished }) => {
    const temporary = await mkdtemp(join(tmpdir(), 'proofload-interrupted-'));
    onTestFinished(() => rm(temporary, { recursive: true, force: true }));
    await chmod(temporary, 0o755); // PostgreSQL runs as another user if this runs as root
    const results = join(temporary, 'results');
    const args = ['run', 'chaos/weak-secret', '--contract', 'service/proofload.config.ts'];
    const child = spawn(...called(product.commandLine, args), {
      env: { ...process.env, TMPDIR: temporary, RESULTS: results, POSTGRES: 'embedded' },
      stdio: 'ignore',
    });
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    await pause(after);
    child.kill(signal);
    const [code, by] = await exited;
    // It only terminates because of the signal itself if the signal can't be caught, or if nothing had been started
    // yet. If the signal came after the end of the run, it exits with a verdict.
    if (by !== null && signal !== 'SIGKILL') expect(existsSync(join(results, 'latest'))).toBe(false);
    else if (by === null) expect([0, 3]).toContain(code);
    await eventually(async () => expect(await processesWith(temporary)).toEqual([]));
    await eventually(async () => {
      expect((await readdir(temporary)).filter((name) => name !== 'results')).toEqual([]);
    });
    if (!existsSync(join(results, 'latest'))) return;
    // What the engine wrote may contain secrets.
    const files = await readdir(results, { recursive: true });
    expect(files.filter((file) => file.includes('.engine-'))).toEqual([]);
    const show = called(product.commandLine, ['show', '--results', results]);
    const text = await new Promise<string>((shown) => execFile(...show, (_, printed) => shown(printed)));
    const stopped = /\nINCONCLUSIVE: .* The run was stopped early: /;
    // A killed run may have written its verdict, and may be about to exit.
    const either = new RegExp(`\nPASS: |${stopped.source}`);
    expect(text).toMatch(code === 0 ? /\nPASS: / : code === null ? either : stopped);
  },
);
