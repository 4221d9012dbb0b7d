import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import reference from '../../service/proofload.config.ts';
import { proofloadWarm } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test.each([
  [['run', 'chaos/earthquake'], {}, 2, 'SCENARIO_UNKNOWN: there is no scenario "chaos/earthquake"; allowed: chaos/'],
  [
    ['run', 'chaos'],
    { ENGINE: 'jmeter' },
    2,
    'USAGE: ENGINE=jmeter is not valid; allowed: auto, k6, docker or embedded',
  ],
  [['run', 'chaos'], { POSTGRES: 'mysql' }, 2, 'USAGE: POSTGRES=mysql: allowed: auto, container, embedded or'],
  // The example service has no database.
  [
    ['run', 'stress/smoke', '--postgres', 'mysql://root:hunter2@h/d'],
    { CONTRACT: 'examples/item-service/proofload.yaml' },
    2,
    'USAGE: POSTGRES=mysql://root:REDACTED@h/d: allowed: auto, container, embedded or a postgres:// URL',
  ],
  [['lab'], { POSTGRES: 'sqlite' }, 2, 'USAGE: POSTGRES=sqlite: allowed: auto, container,'],
  [
    ['run', 'chaos'],
    { PROFILE: 'slow' },
    2,
    'USAGE: the contract has no profile "slow"; allowed: fast, changed, production',
  ],
  [['run', 'chaos'], { CONTRACT: 'package.json' }, 2, 'CONTRACT_INVALID: '],
  [
    ['run', 'stress/smoke'],
    { ENGINE: 'embedded', POSTGRES: 'postgres://unreachable.invalid' },
    1,
    'POSTGRES_FAILED: PostgreSQL (postgres://unreachable.invalid): getaddrinfo',
  ],
  [['run', 'chaos'], { SEED: '-1' }, 2, 'Allowed: any whole number from 0'],
  [['run', 'chaos'], { JOBS: 'many' }, 2, "USAGE: option '--jobs <n>' value 'many' from env 'JOBS' is invalid."],
  [
    ['run', 'stress', '--require', 'chaos/llm-outage'],
    {},
    2,
    'USAGE: chaos/llm-outage is required, but is not part of',
  ],
  [
    ['run', 'chaos'],
    { REQUIRE: 'chaos/llm-outge' },
    2,
    'SCENARIO_UNKNOWN: there is no scenario "chaos/llm-outge"; did you mean chaos/llm-outage?',
  ],
  [
    ['gate', '--against', 'no-such-commit', '--require', 'chaos/llm-outge'],
    {},
    2,
    'SCENARIO_UNKNOWN: there is no scenario "chaos/llm-outge"; did you mean chaos/llm-outage?',
  ],
  [['run', 'chaos', '--results', ''], {}, 2, 'It is empty; allowed: a folder.'],
  [['run', 'chaos'], { COMMAND: ' ' }, 2, 'It is empty; allowed: words such as "node server.js".'],
  [['run', 'chaos'], { KEEP: '0' }, 2, 'Allowed: a whole number from 1, or all.'],
  [['run', 'chaos'], { REPEAT: '0' }, 2, 'Allowed: any whole number from 1 to 10000.'],
  [['run'], {}, 2, 'USAGE: name suites (stress, chaos, load, tools) or scenarios, or select some'],
  [['run', 'chaos', '--reporter', 'dots'], {}, 2, 'Allowed choices are list, line, github.'],
  [['run', 'chaos'], { REPORTER: 'dots' }, 2, 'Allowed choices are list, line, github.'],
  [['run', 'chaos', '--grep', ''], {}, 2, 'It is empty; allowed: a text, or a regular expression'],
  [['run', '--grep', '/(/'], {}, 2, 'USAGE: --grep /(/: Invalid regular expression'],
  [['run', '--last-failed'], {}, 2, 'RUN_NOT_FOUND: there is no run "latest"'],
  [['run', 'chaos/*outge'], {}, 2, 'SCENARIO_UNKNOWN: no scenario matches "chaos/*outge"'],
  [['show', 'nightly'], {}, 2, 'RUN_NOT_FOUND: there is no run "nightly"'],
  [['rejudge', 'nightly'], {}, 2, 'RUN_NOT_FOUND: there is no run "nightly"'],
  [['compare', 'latest', 'nightly'], {}, 2, 'RUN_NOT_FOUND: there is no run "latest"'],
  [['doctor', '--allow-host', '*.example.org'], {}, 2, 'allowed: the exact name of a host, without a port'],
  [['run', 'chaos'], { ALLOW_HOST: 'a b:80' }, 2, "value 'a b:80' from env 'ALLOW_HOST' is invalid."],
  [['run', 'chaos', '--otlp', '127.0.0.1:4318'], {}, 2, 'Allowed: a URL such as http://127.0.0.1:4318.'],
  [['fly'], {}, 2, "unknown command 'fly'"],
])('%j with %j is refused with the allowed values', async (args, environment, code, text) => {
  expect(await proofloadWarm(args, environment)).toMatchObject({ code, text: expect.stringContaining(text) });
});

test.each([['run', 'stress'], ['doctor'], ['gate'], ['lab']])(
  'without a contract %s is wrong usage, and says what to do',
  async (...args) => {
    const folder = await temporaryFolder();
    const { code, text } = await proofloadWarm(args, { CONTRACT: '' }, folder);
    expect(code).toBe(2);
    expect(text).toMatch(
      /^USAGE: there is no contract: \S+proofload\.yaml does not exist, .*"proofload init" writes one; "proofload demo" needs none$/m,
    );
    expect(await readdir(folder)).toEqual([]);
  },
);

test('a contract with the default name in the working directory is used, and named', async () => {
  const folder = await temporaryFolder();
  const { secret: _, ...without } = reference;
  await writeFile(join(folder, 'proofload.yaml'), JSON.stringify({ ...without, name: 'my service' }));
  const { code, text } = await proofloadWarm(['run', 'chaos/weak-secret'], { CONTRACT: '' }, folder);
  expect(text).toMatch(/^my service \(proofload\.yaml\): 0 scenarios/m);
  expect(code).toBe(3);
});

test.each(['stress/rate-limits', 'rate-limits', 'stress', 'chaos/llm-outage', 'own/prices', 'chaos/*'])(
  'the scenario %s is not distributed',
  async (name) => {
    const { code, text } = await proofloadWarm(['distribute', name]);
    expect({ code, text }).toEqual({
      code: 2,
      text: expect.stringContaining(
        `NOT_DISTRIBUTABLE: ${name} is a scenario of proofload, and only k6 scripts can be`,
      ),
    });
  },
);

test('distribute takes a variable without a value from the environment', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.js'), 'export const options = { vus: 2, duration: "1s" }; export default () => {};');
  const args = ['distribute', 'a.js', '--out', 'out', '-e', 'TOKEN'];
  const { code } = await proofloadWarm(args, { TOKEN: 'from the environment' }, folder);
  expect(code).toBe(0);
  expect(await readFile(join(folder, 'out', 'secret.yaml'), 'utf8')).toContain('TOKEN: from the environment');
  const { text } = await proofloadWarm([...args, '-e', 'NOT_SET_ANYWHERE'], {}, folder);
  expect(text).toContain('expected NAME=VALUE, or the NAME of a variable that is set');
});

test('a script that does not exist is reported as a missing file', async () => {
  for (const name of ['nope.js', 'stress/nope.ts', 'nope', 'test']) {
    const { code, text } = await proofloadWarm(['distribute', name]);
    expect({ code, text }).toEqual({
      code: 2,
      text: expect.stringContaining(`USAGE: ${name} does not exist;`),
    });
  }
});
