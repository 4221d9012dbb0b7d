import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decidedRun, EXAMPLE, processes, proofload, proofloadWarm, tables } from '../support/command-line.ts';
import { usingSharedPostgres } from '../support/embedded-postgres.ts';
import { eventually } from '../support/eventually.ts';
import { ALONE_MS } from '../support/limits.ts';
import { REAL_TIME } from '../support/real-time.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('a service that is killed during the run fails the run, with the reason, and leaves nothing running', async () => {
  const { child, output, exited, results } = await proofload(['run', 'chaos/llm-outage', '--verbose']);
  await eventually(() => expect(output.text).toContain('opening'));
  const [service] = await processes('^node .*/service/main.[jt]s$', ['-P', String(child.pid)]);
  process.kill(Number(service), 'SIGKILL');
  const { code, text } = await exited;
  expect(code).toBe(99);
  expect(text).toMatch(/service stays up .*was killed by SIGKILL/);
  expect(text).toContain('the end of its log: ');
  const latest = join(results, await readlink(join(results, 'latest')));
  expect(JSON.parse(await readFile(join(latest, 'verdict.json'), 'utf8'))).toMatchObject({ verdict: 'FAIL' });
  const left = await readdir(join(latest, 'chaos-llm-outage'));
  expect(left).toEqual(expect.arrayContaining(['history.ndjson', 'samples.json', 'service.log', 'summary.json']));
  expect(await processes(results)).toEqual([]);
  const again = await proofloadWarm(['rejudge', latest, '--verbose']);
  expect({ code: again.code, text: tables(again.text) }).toEqual({ code, text: tables(text) });
});

test('Ctrl-C ends the run in order, with one line, and the files have the findings so far', async () => {
  const { child, output, exited, results } = await proofload(['run', 'chaos/llm-outage', '--verbose']);
  await eventually(() => expect(output.text).toContain('below again'));
  child.kill('SIGINT');
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text.split('\n').filter((line) => /INCONCLUSIVE|interrupted/.test(line))).toEqual([
    expect.stringMatching(
      /^INCONCLUSIVE: interrupted by SIGINT after [\d.]+ s, when 0 of 1 scenario had passed\. Report: .*\/report\.html$/,
    ),
  ]);
  expect(text).not.toContain('\x1b');
  const left = await readdir(join(results, await readlink(join(results, 'latest'))));
  expect(left).toEqual(
    expect.arrayContaining(['junit.xml', 'metrics.txt', 'report.html', 'summary.md', 'verdict.json']),
  );
  expect(await processes(results)).toEqual([]);
  const again = await proofloadWarm(['rejudge', join(results, 'latest'), '--verbose']);
  expect(again.code).toBe(code);
  expect(again.text).toMatch(/steady state before .*PASS/);
  expect(again.text).toMatch(/The run was stopped early: interrupted by SIGINT\.\n$/);
});

test("a scenario whose generator was stopped for 300 ms can't PASS, and is measured again", REAL_TIME, async () => {
  const { child, output, exited, results } = await proofload(
    ['run', 'chaos/impostor', '--verbose'],
    await usingSharedPostgres(),
  );
  await eventually(() => expect(output.text).toContain('impostor groq expired'));
  const [engine] = await processes('engine/main.[jt]s run', ['-P', String(child.pid)]);
  process.kill(Number(engine), 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 300));
  process.kill(Number(engine), 'SIGCONT');
  const { text } = await exited;
  expect(text).toMatch(/^chaos\/impostor is measured again .* INCONCLUSIVE: nothing stalled: .* ms, in the generator/m);
  expect(text).toMatch(/^ {2}note: measured again, because the first run was INCONCLUSIVE: nothing stalled: /m);
  const folder = join(results, 'latest');
  const kept = ['chaos-impostor', 'first/chaos-impostor'].map((name) => join(folder, name, 'history.ndjson'));
  expect(kept.map((path) => existsSync(path))).toEqual([true, true]);
  const checked = await proofloadWarm(['rejudge', folder, '--verbose']);
  expect(tables(checked.text)).toBe(tables(text));
});

test('Ctrl-C ends the repeats: the completed ones are counted, and the result is not PASS', async () => {
  const { child, output, exited } = await proofload(['run', 'stress/smoke', '--repeat', '50', '--verbose'], EXAMPLE);
  await eventually(() => expect(output.text).toMatch(/repeat 2 of 50/));
  child.kill('SIGINT');
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text).toMatch(/stress\/smoke +│ 1 +│ 0 +│ 0 +│ +│/);
  expect(text).toContain('INCONCLUSIVE: only 1 of 50 repeats made, 1 passed.');
});

// Whether they overlap depends on the machine: see room.test.ts.
test(
  'two scenarios run each in its own lab, and are reported in order',
  async () => {
    // The names are part of paths, in which a + means a space in a URL.
    const requested = ['chaos/database-impostor', 'chaos/impostor'];
    const args = ['run', ...requested, '--jobs', '2', '--seed', '9', '--verbose'];
    const { results, code, text } = await decidedRun(args);
    expect(text).toMatch(/: 2 scenarios, 2 at once, about \d+ s$/m);
    expect(text).toMatch(/^PASS +chaos\/impostor/m);
    expect(code).toBe(0);
    const { scenarios } = JSON.parse(await readFile(join(results, 'latest', 'verdict.json'), 'utf8'));
    expect(scenarios.map(({ scenario, seed }: { scenario: string; seed: number }) => [scenario, seed])).toEqual([
      ['chaos/database-impostor', 9],
      ['chaos/impostor', 10],
    ]);
    expect(await processes(results)).toEqual([]);
  },
  ALONE_MS,
);

test('a command that waits for something that can not happen says so', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'proofload/checks'), { recursive: true });
  await writeFile(join(folder, 'proofload/checks/never.js'), 'await new Promise(() => {});');
  await copyFile('examples/item-service/proofload.yaml', join(folder, 'proofload.yaml'));
  const { exited } = await proofload(['list'], { CONTRACT: join(folder, 'proofload.yaml') });
  expect(await exited).toMatchObject({
    code: 1,
    text: expect.stringContaining('\nINTERNAL_ERROR: the command waits for'),
  });
});
