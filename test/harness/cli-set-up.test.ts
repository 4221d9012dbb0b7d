import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import reference from '../../service/proofload.config.ts';
import { contractFile, EXAMPLE, processes, proofload, proofloadWarm, tables } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test("a service that doesn't start also ends concurrent scenarios, and leaves nothing running", async () => {
  const { results, exited } = await proofload(['run', 'chaos', '--jobs', '2'], { COMMAND: 'node -p 1/0' });
  expect(await exited).toEqual({ code: 1, text: expect.stringMatching(/SERVICE_NOT_READY: .*its output:\nInfinity/) });
  expect(await processes(results)).toEqual([]);
});

test("a scenario that can't be set up is INCONCLUSIVE, and concurrent ones are judged", async () => {
  const conditions = { ...reference.conditions, 'verified-database': { SECRET_KEY: 'weak' } };
  const CONTRACT = await contractFile({ ...reference, conditions });
  const requested = ['chaos/database-impostor', 'chaos/impostor'];
  const { results, code, text } = await proofloadWarm(['run', ...requested, '--verbose'], { CONTRACT });
  expect(text).toMatch(/PASS +chaos\/impostor/);
  expect(text).toMatch(/scenario set up .*SERVICE_NOT_READY/);
  expect(text).toMatch(
    /\nINCONCLUSIVE: 1 of 2 scenarios judged, .*: 1 inconclusive; .* Not judged: database impostors because SERVICE_/,
  );
  expect(code).toBe(3);
  const { scenarios } = JSON.parse(await readFile(join(results, 'latest', 'verdict.json'), 'utf8'));
  expect(scenarios[0]).toMatchObject({
    notRun: expect.stringMatching(/^SERVICE_NOT_READY: .* is not ready: no 2xx from \/\w+$/),
    findings: [
      {
        verdict: 'INCONCLUSIVE',
        evidence: [expect.stringContaining('SECRET_KEY must be'), expect.stringContaining('is too short')],
      },
    ],
  });
  const again = await proofloadWarm(['rejudge', join(results, 'latest'), '--verbose']);
  expect({ code: again.code, text: linesIn(again.text) }).toEqual({ code, text: linesIn(text) });
});

/** Returns the lines of all tables, in no order: a busy machine runs one scenario after another. */
const linesIn = (text: string): string[] =>
  tables(text)
    .split('\n')
    .filter((line) => line !== '' && !/^chaos\/\S+ \(about \d+ s\)$/.test(line))
    .sort();

test('a repeat in which the service did not start is INCONCLUSIVE, and the next ones run', async () => {
  const folder = await temporaryFolder();
  const [marker, command] = [join(folder, 'started'), join(folder, 'flaky.mjs')];
  await writeFile(
    command,
    `import { existsSync, writeFileSync } from 'node:fs';
     if (!existsSync(${JSON.stringify(marker)})) {
       writeFileSync(${JSON.stringify(marker)}, '');
       console.log('no processor was free');
       process.exit(1);
     }
     await import(${JSON.stringify(new URL('../../examples/item-service/server.mjs', import.meta.url).href)});`,
  );
  const environment = { ...EXAMPLE, COMMAND: `node ${command}` };
  const { code, text } = await proofloadWarm(['run', 'stress/smoke', '--repeat', '2'], environment);
  expect(text).toContain('its output:\nno processor was free');
  expect(text).toMatch(
    /\nINCONCLUSIVE: 1 of 2 repeats inconclusive, 1 passed\. Each judged 0 to 1 of 1 scenario, and at least 0 of /,
  );
  expect(code).toBe(3);
});

test('a run whose scenarios are all skipped is INCONCLUSIVE without starting a lab, also with the json reporter', async () => {
  const { secret: _, ...without } = reference;
  const CONTRACT = await contractFile({ ...without, requires: ['chaos/weak-secret'] });
  const last =
    /^INCONCLUSIVE: 0 of 1 scenario judged, 0 checks; 0 of \d+ promises judged, 0 proved\. Required, but not judged: chaos\/weak-secret because the contract describes/m;
  const requested = ['run', 'chaos/weak-secret'];
  const { results, code, text } = await proofloadWarm([...requested, '--reporter', 'line'], { CONTRACT });
  expect(text).toMatch(last);
  expect(code).toBe(3);
  const again = await proofloadWarm(['rejudge', join(results, 'latest')]);
  expect(again.code).toBe(3);
  expect(again.text).toMatch(last);
  const json = await proofloadWarm([...requested, '--json'], { CONTRACT });
  expect(JSON.parse(json.text)).toMatchObject({
    verdict: 'INCONCLUSIVE',
    requires: ['chaos/weak-secret'],
    scenarios: [],
    coverage: {
      asked: 1,
      judged: 0,
      notJudged: [{ scenarios: [{ name: 'chaos/weak-secret', judges: 'weak secrets' }] }],
    },
  });
});
