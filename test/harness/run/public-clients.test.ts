import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, type TestContext, test, vi } from 'vitest';
import { messageOf } from '../../../harness/base/errors.ts';
import { readCase } from '../../../harness/judge/judge-folder.ts';
import { SILENT } from '../../../harness/report/reporters/reporter.ts';
import { whyAgain } from '../../../harness/run/measure-again.ts';
import { whyNotTaken, withoutPublicClients } from '../../../harness/run/public-clients.ts';
import { run } from '../../../harness/run/run.ts';
import { eventually } from '../../support/eventually.ts';
import { IN_A_TEST } from '../../support/in-a-test.ts';
import { ALONE_MS } from '../../support/limits.ts';
import { decided } from '../../support/measured-again.ts';
import { processesWith } from '../../support/processes-with.ts';
import { finding, scenarioResult } from '../../support/run-result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const LIMITS = join(import.meta.dirname, '../../defects/limits');
const CLI = join(import.meta.dirname, '../../../harness/cli.ts');
const CHECK = 'forged identities gain nothing: ask';

/** Returns the arguments of a process, or an empty text if it has ended. */
function argumentsOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

afterEach(() => vi.unstubAllEnvs());

/** Skips a test on a machine on which this user may not create a network namespace, and prints why. */
function needsNamespace({ skip }: TestContext): void {
  const rights = process.getuid?.() === 0 ? [] : ['--user', '--map-current-user', '--keep-caps'];
  const command = 'PATH="$PATH:/usr/sbin:/sbin"; ip link set lo up && command -v setpriv';
  try {
    execFileSync('unshare', [...rights, '--net', 'sh', '-c', command], { stdio: 'pipe' });
  } catch (error) {
    console.log(`skipped, because this user can't create a network namespace: ${messageOf(error)}`);
    skip();
  }
}

/** Runs stress/identity for a service with a limit. The argument says whom it believes. */
async function identityOf(argument: string) {
  const results = await temporaryFolder();
  const notes: string[] = [];
  const measure = async () => {
    const { verdict, scenarios } = await run({
      ...IN_A_TEST,
      reporter: { ...SILENT, note: (text) => notes.push(text) },
      name: 'identity',
      scenarios: ['stress/identity'],
      contract: join(LIMITS, 'all-counted.ts'),
      command: ['node', join(LIMITS, 'limited-service.ts'), argument],
      results,
      signal: new AbortController().signal,
    });
    const [scenario] = scenarios;
    if (!scenario) throw new Error('it was not run');
    return { verdict, scenario };
  };
  const { verdict, scenario } = await decided(argument, measure, (of) => whyAgain(of.scenario));
  const found = scenario.findings.find(({ check }) => check === CHECK);
  return { verdict, scenario, found, notes, folder: join(results, 'latest') };
}

test('a service that believes only loopback, as Rack does, passes: it is measured with public clients', {
  timeout: ALONE_MS,
}, async (context) => {
  needsNamespace(context);
  const { verdict, scenario, found, notes, folder } = await identityOf('loopback-trusted');
  expect({ verdict, found }).toMatchObject({ verdict: 'PASS', found: { verdict: 'PASS' } });
  expect(found?.observed).toContain(' variants from 203.0.113.0/24: ');
  expect(notes).toEqual([expect.stringMatching(/measured again at the end, with clients from 203\.0\.113\.0\/24/)]);
  expect(scenario.measuredAgain).toMatch(/believed from a client on loopback$/);
  const { header } = await readCase(join(folder, scenario.folder));
  expect(header.publicClients).toBe(true);
  expect((await readCase(join(folder, 'first', scenario.folder))).header.publicClients).toBeUndefined();
});

test('a service that believes everybody fails', { timeout: ALONE_MS }, async (context) => {
  needsNamespace(context);
  const { found } = await identityOf('client-from-x-forwarded-for');
  expect(found).toMatchObject({ verdict: 'FAIL', observed: expect.stringContaining('203.0.113.0/24') });
});

test.each([
  [/there is no "unshare" on PATH$/, []],
  [/setpriv: not found|unshare failed/, ['unshare']],
])('without a network namespace it stays INCONCLUSIVE, and says why: %s', { timeout: ALONE_MS }, async (why, tools) => {
  const folder = await temporaryFolder();
  symlinkSync(process.execPath, join(folder, 'node'));
  symlinkSync('/bin/sh', join(folder, 'sh'));
  for (const tool of tools) symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
  vi.stubEnv('PATH', folder);
  const { found, scenario, folder: results } = await identityOf('loopback-trusted');
  expect(found).toMatchObject({ verdict: 'INCONCLUSIVE', lasting: true, observed: expect.stringMatching(why) });
  expect(found?.usually).toContain('the setting for trusted proxies');
  expect(existsSync(join(results, scenario.folder))).toBe(true);
  expect(existsSync(join(results, 'again', scenario.folder))).toBe(false);
});

test.for(['SIGINT', 'SIGKILL'] as const)(
  'a run that ends by %s leaves nothing of the namespace',
  { timeout: ALONE_MS },
  async (by, context) => {
    needsNamespace(context);
    const temporary = await temporaryFolder();
    const words = ['run', 'stress/identity', '--contract', join(LIMITS, 'all-counted.ts'), '--results', temporary];
    const service = `node ${join(LIMITS, 'limited-service.ts')} loopback-trusted`;
    const command = spawn(process.execPath, [CLI, ...words, '--command', service], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: 'ignore',
    });
    const exited = once(command, 'exit');
    const inNamespace = async () =>
      (await processesWith(temporary)).filter((id) => argumentsOf(id).includes('public-clients-main'));
    await eventually(async () => expect(await inNamespace()).not.toEqual([]));
    command.kill(by);
    await exited;
    await eventually(async () => expect(await processesWith(temporary)).toEqual([]));
  },
);

const first = scenarioResult('stress/identity', [
  finding('other', 'PASS'),
  finding(CHECK, 'INCONCLUSIVE', { needsPublicClients: true, observed: 'believed' }),
]);
const other = finding('other', 'FAIL', { observed: 'nothing was refused' });

test.each([
  ['passed', [finding('other', 'PASS'), finding(CHECK, 'PASS')], undefined],
  ['failed in what is in doubt', [finding('other', 'INCONCLUSIVE'), finding(CHECK, 'FAIL')], undefined],
  ['failed in another check', [other, finding(CHECK, 'PASS')], 'other: nothing was refused'],
  ['failed in both', [other, finding(CHECK, 'FAIL')], 'other: nothing was refused'],
  ['decided nothing', [finding(CHECK, 'INCONCLUSIVE', { observed: 'too late' })], `${CHECK}: too late`],
])('a second result that %s replaces the first one only if nothing else is wrong', (_, findings, why) => {
  const expected = why && `in the network namespace, ${why}`;
  expect(whyNotTaken(scenarioResult('stress/identity', findings), first)).toBe(expected);
});

test('a service that does not start in the namespace is named', () => {
  const notRun = scenarioResult('stress/identity', [], { notRun: 'SERVICE_NOT_READY: no 2xx' });
  expect(whyNotTaken(notRun, first)).toBe('SERVICE_NOT_READY: no 2xx');
});

test('the first result is kept, with the reason in the check that is in doubt', () => {
  const { findings } = withoutPublicClients(first, 'no rights');
  const [same, kept] = findings;
  expect(same).toEqual(first.findings[0]);
  expect(kept).toMatchObject({ observed: expect.stringMatching(/^believed, and none .*: no rights$/), lasting: true });
  expect(whyAgain({ ...first, findings })).toBeUndefined();
});
