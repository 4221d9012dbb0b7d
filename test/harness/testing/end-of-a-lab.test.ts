import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { processesWith } from '../../support/processes-with.ts';

const TEST = `
import { startLab } from ${JSON.stringify(resolve('harness/index.ts'))};
const lab = await startLab({ contract: 'test/defects/callers/bearer.ts' });
console.log(lab.url);
setInterval(() => {}, 1_000);
`;

test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'a test that %s ends leaves no folders and processes',
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), 'lab-ended-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const child = spawn(process.execPath, ['--input-type=module', '--eval', TEST], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    expect(await readdir(folder)).toContainEqual(expect.stringMatching(/^proofload-test-/));
    child.kill(signal);
    await once(child, 'exit');
    await eventually(async () => expect(await processesWith(folder)).toEqual([]));
    expect(await readdir(folder)).toEqual([]);
  },
);
