import { execFile, spawnSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { writeReport } from '../../harness/report/write-report.ts';
import { EXAMPLE, whyInconclusive } from '../support/command-line.ts';
import { ALONE_MS } from '../support/limits.ts';
import { decided } from '../support/measured-again.ts';
import { called, product } from '../support/product.ts';
import { finding, runResult, scenarioResult } from '../support/run-result.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A namespace in which a file system of a given size can be mounted, also by a user without rights. */
const OWN_MOUNTS = ['unshare', '--map-root-user', '--mount', 'sh', '-c'] as const;

const noMounts = spawnSync(OWN_MOUNTS[0], [...OWN_MOUNTS.slice(1), 'mount -t tmpfs tmpfs /mnt']).status !== 0;
if (noMounts)
  console.warn('tests of a full disk are skipped: `unshare --mount` or `mount -t tmpfs` does not work here');

/** Runs stress/smoke of the example service with this much room for its results. */
async function runWith(room: string): Promise<{ code: unknown; text: string }> {
  const contract = ['--contract', resolve(EXAMPLE.CONTRACT)];
  const [file, args] = called(product.commandLine, ['run', 'stress/smoke', ...contract, '--results', 'full/results']);
  const mount = `mkdir -p full && mount -t tmpfs -o size=${room} tmpfs full && exec "$0" "$@"`;
  const options = { cwd: await temporaryFolder() };
  return new Promise((done) => {
    execFile(OWN_MOUNTS[0], [...OWN_MOUNTS.slice(1), mount, file, ...args], options, (error, out, err) =>
      done({ code: error?.code ?? 0, text: out + err }),
    );
  });
}

test.skipIf(noMounts)(
  'if there is no room for the report, the verdict is printed all the same, and the file named',
  async () => {
    const { code, text } = await decided('a run with 100 kB', () => runWith('100k'), whyInconclusive);
    expect(text).toMatch(
      /^\/\S+\/report\.html can't be written \(ENOSPC: .*\); free some space there, or choose another/m,
    );
    expect(text).toMatch(/^PASS: 1 of 1 scenario judged/m);
    expect(text).not.toMatch(/^Report:/m);
    expect(code).toBe(0);
  },
  ALONE_MS,
);

test.skipIf(noMounts)('a scenario that could not be recorded is INCONCLUSIVE, and names the file', async () => {
  const { code, text } = await runWith('24k');
  expect(text).toMatch(/\n +INCONCLUSIVE +record written\n/);
  expect(text.replace(/\s+/g, ' ')).toMatch(/\/stress-smoke\/history\.ndjson can't be written \(ENOSPC: /);
  expect(text).toMatch(/^INCONCLUSIVE: 1 of 1 scenario judged/m);
  expect(text).not.toContain('measured again');
  expect(code).toBe(3);
});

test.skipIf(noMounts)('a run is not begun if there is no room for its verdict', async () => {
  const { code, text } = await runWith('4k');
  expect(text).toMatch(/^RESULTS_NOT_WRITTEN: \/\S+ can't be written \(ENOSPC: /m);
  expect(code).toBe(1);
});

test('the report of a run names the file that has no room, and writes the others', async () => {
  const run = await temporaryFolder();
  await symlink('/dev/full', join(run, 'report.html'));
  const written = writeReport(run, runResult([scenarioResult('chaos/a', [finding('x', 'PASS')])]));
  await expect(written).rejects.toMatchObject({
    code: 'RESULTS_NOT_WRITTEN',
    message: expect.stringContaining(`${run}/report.html can't be written (ENOSPC: `),
  });
});
