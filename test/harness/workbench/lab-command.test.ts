import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { isAlive } from '../../support/is-alive.ts';
import { startLabProcess } from '../../support/lab-process.ts';

const run = promisify(execFile);

/** Returns the IDs of all of a process's descendants. */
async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-eo', 'pid=,ppid=']);
  const parents = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const of = (parent: number): number[] =>
    parents.flatMap(([id = 0, parentId]) => (parentId === parent ? [id, ...of(id)] : []));
  return of(pid);
}

test.concurrent.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s ends the lab with all that it started, also while a scenario runs and a page is open',
  async (signal) => {
    await using lab = await startLabProcess();
    const { url } = lab;
    const page = await fetch(`${url}events`);
    await fetch(`${url}api/scenarios`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'chaos/llm-outage' }),
    });
    const reader = page.body?.pipeThrough(new TextDecoderStream()).getReader();
    let output = '';
    while (!output.includes('"phase":"opening"')) output += (await reader?.read())?.value ?? '';
    const started = await descendants(lab.pid);
    expect(started.length).toBeGreaterThan(4);
    expect(await lab.end(signal)).toBe(signal === 'SIGKILL' ? null : 0);
    await eventually(() => expect(started.filter(isAlive)).toEqual([]));
  },
);
