import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { glob, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import reference from '../../../service/proofload.config.ts';
import { proofloadWarm } from '../../support/command-line.ts';
import { called, product } from '../../support/product.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const KEY = 'sk-probe-4f8a"1c/2e';

/** Prints all its settings in several ways before it does anything else. */
const TELLS_ALL = `
const { GROQ_API_KEY, SECRET_KEY, DATABASE_URL } = process.env;
console.log('starting with', GROQ_API_KEY, encodeURIComponent(GROQ_API_KEY), SECRET_KEY, DATABASE_URL);
console.error(JSON.stringify({ GROQ_API_KEY, password: new URL(DATABASE_URL).password }));
`;

/** Runs a scenario for the reference service, which this code starts, with a separate results folder. */
async function runWith(lines: string, scenario: string) {
  const folder = await temporaryFolder();
  const [service, contract, summary] = ['service.mjs', 'contract.json', 'summary.md'].map((name) => join(folder, name));
  await writeFile(service as string, lines);
  const start = { ...reference.start, command: ['node', service] };
  const environment = { ...reference.environment, GROQ_API_KEY: '${env.PROBE_KEY}' };
  // This service shows its secrets, so it can't promise the contrary.
  await writeFile(contract as string, JSON.stringify({ ...reference, start, environment, secrecy: undefined }));
  const results = join(folder, 'results');
  const child = spawn(...called(product.commandLine, ['run', scenario]), {
    env: {
      ...process.env,
      CONTRACT: contract,
      RESULTS: results,
      POSTGRES: 'embedded',
      ENGINE: 'embedded',
      PROBE_KEY: KEY,
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const exited = once(child, 'close').then(([code]) => ({ code: code as number, said }));
  return { child, exited, results, folder };
}

const idsOfAll = (): string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** Returns a file of a process, or an empty text if it has exited. Nothing is read from a disk. */
function procFile(id: string, name: string): string {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** How often a process is read before it counts as one of another program. */
const NEW_ROUNDS = 10;

/** Until the run ends, collects the arguments of all its processes and the secrets in their environments. */
async function watchProcesses(folder: string, exited: Promise<unknown>) {
  const [commands, values] = [new Set<string>(), new Set<string>([KEY])];
  // Only new processes can turn out to be part of the run: a forked one first shows its parent's environment.
  let seen = new Map<string, { rounds: number; isPart: boolean }>();
  let isOver = false;
  void exited.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const ids = idsOfAll();
    seen = new Map(ids.map((id) => [id, seen.get(id) ?? { rounds: 0, isPart: false }]));
    for (const [id, state] of seen) {
      state.rounds += 1;
      if (state.rounds > NEW_ROUNDS && !state.isPart) continue;
      const [environment = '', command = '', name = ''] = ['environ', 'cmdline', 'comm'].map((file) =>
        procFile(id, file),
      );
      // PostgreSQL has its own environment, and so does the service, whose script is in the folder.
      if (![environment, command].some((text) => text.includes(folder)) && !name.startsWith('postgres')) continue;
      state.isPart = true;
      commands.add(command.replaceAll('\0', ' '));
      const variables = Object.fromEntries(environment.split('\0').map((line) => line.split(/=(.*)/s).slice(0, 2)));
      if (variables.SECRET_KEY) values.add(variables.SECRET_KEY);
      if (variables.DATABASE_URL) values.add(new URL(variables.DATABASE_URL).password);
      if (variables.PROOFLOAD) values.add(JSON.parse(variables.PROOFLOAD).lab.token);
    }
    await pause(50);
  }
  return { commands: [...commands], values: [...values] };
}

/** Returns the text of each file below a folder. */
async function textsOf(folder: string): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const path of glob('**/*', { cwd: folder })) {
    const file = join(folder, path);
    if ((await stat(file)).isFile()) texts.set(path, await readFile(file, 'utf8'));
  }
  return texts;
}

const placesOf = (texts: Iterable<[string, string]>, values: readonly string[]): string[] =>
  [...texts].filter(([, text]) => values.some((value) => text.includes(value))).map(([place]) => place);

test('no process argument and no file of a run contains a secret, and no other user can access its folder', async () => {
  const service = `${TELLS_ALL}\nawait import(${JSON.stringify(resolve('service/main.ts'))});`;
  const { exited, results, folder } = await runWith(service, 'stress/smoke');
  const { commands, values } = await watchProcesses(folder, exited);
  const { code, said } = await exited;
  // On a busy machine, the run may be INCONCLUSIVE, but it writes the same things.
  expect([0, 3], said).toContain(code);
  // The key, the service's own secret, the database role's password, and the control API's token.
  expect(values.length).toBe(4);
  expect(commands.length).toBeGreaterThan(5);
  // By default, k6 1.x would serve its API to everyone.
  expect(commands).toContainEqual(expect.stringContaining(' run --address= '));
  const written = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
  expect(commands.filter((command) => written.some((value) => command.includes(value)))).toEqual([]);
  const texts = await textsOf(results);
  expect([...texts.keys()].find((path) => path.endsWith('service.log'))).toBeDefined();
  expect(placesOf([...texts, ['terminal', said]], written)).toEqual([]);
  const log = [...texts].find(([path]) => path.endsWith('service.log'))?.[1] ?? '';
  expect(log).toMatch(/^starting with REDACTED REDACTED REDACTED postgresql?:\/\/\w+:REDACTED@127\.0\.0\.1/m);
  // The verdict is computed from the files again.
  expect((await proofloadWarm(['rejudge', join(results, 'latest')])).code).toBe(code);
  const [run = ''] = await readdir(join(results, 'runs', 'stress-smoke'));
  expect(((await stat(join(results, 'runs', 'stress-smoke', run))).mode & 0o777).toString(8)).toBe('700');
});

test('a service that does not start is reported without its secrets and without terminal control sequences', async () => {
  const hostile = "console.log('\\u001b[2J\\n::stop-commands::x');";
  const { exited, folder } = await runWith(`${TELLS_ALL}\n${hostile}\nprocess.exit(1);`, 'stress/smoke');
  const { values } = await watchProcesses(folder, exited);
  const { code, said } = await exited;
  expect(code).toBe(1);
  expect(said).toMatch(/SERVICE_NOT_READY: .*its output:\nstarting with REDACTED REDACTED REDACTED postgresql?:/s);
  const written = values.flatMap((value) => [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)]);
  expect(placesOf([...(await textsOf(folder)), ['terminal', said]], written)).toEqual([]);
  expect(said).toContain('\n\\u001b[2J\n\\u003a:stop-commands::x\n');
});
