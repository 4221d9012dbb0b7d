import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { processesWith } from '../../support/processes-with.ts';
import { called, product } from '../../support/product.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What the protocol allows: text and data together. */
const MOST_BYTES = 4_096;

/** Starts the MCP server in a folder with the item service, and connects the official client with its defaults. */
async function connected() {
  const folder = await temporaryFolder();
  await copyFile('examples/item-service/server.mjs', join(folder, 'server.mjs'));
  await writeFile(join(folder, 'package.json'), '{ "name": "items", "scripts": { "start": "node server.mjs" } }');
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  const [command, args] = called(product.bin, ['mcp']);
  const env = { ...getDefaultEnvironment(), TMPDIR: temporary };
  const transport = new StdioClientTransport({ command, args, env, cwd: folder, stderr: 'ignore' });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  // The client compares results with these schemas.
  const { tools } = await client.listTools();
  onTestFinished(() => client.close());
  const lines: string[] = [];
  const call = async (name: string, input: Record<string, unknown> = {}, signal?: AbortSignal) => {
    const onprogress = ({ message = '' }) => lines.push(message);
    const answer = await client.callTool({ name, arguments: input }, undefined, {
      onprogress,
      ...(signal && { signal }),
    });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThanOrEqual(MOST_BYTES);
    const [content] = answer.content as { text: string }[];
    return { text: content?.text ?? '', data: answer.structuredContent as never, isError: answer.isError ?? false };
  };
  // An older Node starts a newer one.
  const own = (await processesWith(temporary)).length;
  /** Returns how many processes the server has started. */
  const started = async () => (await processesWith(temporary)).length - own;
  return { client, call, folder, lines, tools, transport, started };
}

const LIMIT = 'max: 20';
const DESCRIBED = await readFile('examples/item-service/proofload.yaml', 'utf8');

/** Waits until a run has started the processes of its lab. */
const hasLab = ({ started }: Pick<Awaited<ReturnType<typeof connected>>, 'started'>) =>
  eventually(async () => expect(await started()).toBeGreaterThan(3));

/** Connects a client to a server in a folder with a contract, and starts a run that takes seconds. */
async function running() {
  const server = await connected();
  await writeFile(join(server.folder, 'proofload.yaml'), DESCRIBED);
  const { data } = await server.call('run', { scenarios: ['stress/rate-limits'], waitSeconds: 0 });
  expect(data).toMatchObject({ state: 'running', handle: 'run-1' });
  await hasLab(server);
  return server;
}

test('a client goes from the folder of a service to a verdict, its reason and a comparison in nine calls', async () => {
  const { client, call, folder, lines } = await connected();
  expect((await call('init')).data).toMatchObject({
    notes: expect.arrayContaining([expect.stringContaining('add {"answers":{"endpoints":"…"}}')]),
    next: expect.arrayContaining([expect.stringContaining('answer what the notes ask')]),
  });
  const written = await call('init', { force: true, answers: { endpoints: 'GET /items' } });
  expect(written).toMatchObject({ isError: false, data: { state: 'done', contract: 'proofload.yaml' } });
  expect((written.data as { found: string[] }).found).toContain('command node server.mjs (package.json:1)');
  const contract = join(folder, 'proofload.yaml');
  const text = await readFile(contract, 'utf8');
  expect(text).toMatch(/^name: items$/m);
  expect((await client.readResource({ uri: 'proofload://contract' })).contents).toMatchObject([{ text }]);
  expect(DESCRIBED).toContain(LIMIT);
  await writeFile(contract, DESCRIBED.replace(LIMIT, 'max: 21'));

  expect((await call('doctor')).data).toMatchObject({ state: 'done', verdict: 'PASS', problems: [] });
  const listed = await call('list', { grep: 'rate-limits' });
  expect(listed.data).toMatchObject({ scenarios: [{ scenario: 'stress/rate-limits' }], skipped: [] });
  const first = await call('run', { scenarios: ['stress/rate-limits'] });
  expect(first).toMatchObject({ isError: false, data: { state: 'done', verdict: 'FAIL' } });
  expect(lines.join('\n')).toMatch(/^run-\d+, \d+ s: .*stress\/rate-limits|admits/m);
  const { data } = await call('why', { check: 'first window' });
  expect(data).toMatchObject({
    verdict: 'FAIL',
    checks: [{ check: 'admits exactly N: items, first window', verdict: 'FAIL', usually: expect.any(String) }],
  });

  await writeFile(contract, DESCRIBED);
  expect(await call('again', { scenario: 'stress/rate-limits' })).toMatchObject({ data: { verdict: 'PASS' } });
  const { run: before } = first.data as { run: string };
  const compared = await call('compare', { before });
  expect(compared.data).toMatchObject({ before: { verdict: 'FAIL' }, after: { verdict: 'PASS' } });
  expect(compared.text).toContain('check: "admits exactly N: items, first window"');
  const read = await client.readResource({ uri: 'proofload://runs/latest/verdict.json' });
  expect(JSON.parse((read.contents[0] as { text: string }).text)).toMatchObject({ verdict: 'PASS' });
});

test('a run that takes longer has a handle, no other command runs beside it, and its end can be waited for', async () => {
  const { call, lines } = await running();
  expect(await call('status', { waitSeconds: 0 })).toMatchObject({ data: { state: 'running', handle: 'run-1' } });
  for (const name of ['doctor', 'why']) {
    expect(await call(name)).toMatchObject({
      isError: true,
      text: expect.stringMatching(/^RUN_IN_PROGRESS: run-1, .*cancel {"handle":"run-1"}/),
    });
  }
  expect(await call('status', { handle: 'run-1' })).toMatchObject({ data: { state: 'done', verdict: 'PASS' } });
  expect(lines.join('\n')).toMatch(/^run-1, \d+ s: stress\/rate-limits/m);
  expect(await call('status')).toMatchObject({ data: { state: 'done', handle: 'run-1', verdict: 'PASS' } });
  expect(await call('cancel')).toMatchObject({ data: { state: 'done' } });
});

test('a run ends with all of its processes if the client cancels it, or the call that waits for it', async () => {
  const { call, started } = await running();
  expect(await call('cancel', { handle: 'run-1' })).toMatchObject({ isError: false, data: { state: 'cancelled' } });
  expect(await started()).toBe(0);
  const controller = new AbortController();
  const calling = call('run', { scenarios: ['stress/rate-limits'] }, controller.signal);
  await hasLab({ started });
  controller.abort('no longer needed');
  await expect(calling).rejects.toThrow('no longer needed');
  await eventually(async () => expect(await started()).toBe(0));
  expect(await call('status')).toMatchObject({ data: { state: 'cancelled', handle: 'run-2' } });
});

test.each(['close', 'kill'])('a run ends with all of its processes at the %s of its server', async (how) => {
  const { client, transport, folder } = await running();
  if (how === 'close') await client.close();
  else process.kill(transport.pid ?? 0, 'SIGKILL');
  await eventually(async () => expect(await processesWith(join(folder, 'tmp'))).toEqual([]));
});

test('what can not be done is an error that says what is allowed', async () => {
  const { client, call, folder } = await connected();
  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['status', {}, /^USAGE: nothing has been started .*handles end with their server/],
    ['doctor', {}, /^USAGE: .*"proofload init"/],
    ['why', {}, /^RUN_NOT_FOUND: there is no run "latest"/],
    ['run', { scenarios: [] }, /^USAGE: run: scenarios: /],
    [
      'run',
      { scenario: 'stress' },
      /^USAGE: run has no argument "scenario"; did you mean "scenarios"\?; allowed: scenarios, /,
    ],
    ['run', { scenarios: ['stress'], waitSeconds: 60 }, /^USAGE: run: waitSeconds: .*50/],
    ['cancel', { handle: 'run-7' }, /^USAGE: there is no handle "run-7" .*allowed: doctor-1$/],
    ['fix', {}, /^USAGE: there is no tool "fix"; allowed: init, doctor/],
  ];
  for (const [name, input, message] of refused) {
    expect(await call(name, input)).toMatchObject({ isError: true, text: expect.stringMatching(message) });
  }
  await writeFile(join(folder, 'proofload.yaml'), DESCRIBED);
  expect(await call('run', { scenarios: ['stress/rate-limit'] })).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^SCENARIO_UNKNOWN: .*did you mean stress\/rate-limits\?/),
  });
  const unknown = 'proofload://docs/../package.json';
  await expect(client.readResource({ uri: unknown })).rejects.toThrow(/there is no resource/);
  for (const name of ['..%2F..%2F..', '%E0%A4%A', 'a/../..'])
    await expect(client.readResource({ uri: `proofload://runs/${name}/verdict.json` })).rejects.toThrow(/no run/);
});

test('no argument is an option, a script or a file elsewhere, and nothing is run or written for it', async () => {
  const { call, folder } = await connected();
  await writeFile(join(folder, 'proofload.yaml'), DESCRIBED);
  await writeFile(join(folder, 'script.js'), 'export default () => {};');
  const before = await readdir(folder);
  const refused: [string, Record<string, unknown>, RegExp][] = [
    [
      'run',
      { scenarios: ['stress/smoke', '--command=touch x'] },
      /^SCENARIO_UNKNOWN: .*"--command=touch x"; allowed: /,
    ],
    ['run', { scenarios: ['--help'] }, /^SCENARIO_UNKNOWN: there is no scenario "--help"; allowed: chaos/],
    ['run', { scenarios: ['script.js'] }, /^SCENARIO_UNKNOWN: there is no scenario "script.js"/],
    ['run', { scenarios: ['stress/smoke'], profile: 'script.js' }, /^USAGE: .*no profile "script.js"/],
    ['run', { scenarios: ['stress/smoke'], contract: '/etc/passwd' }, /^USAGE: run: contract: .*not in the project/],
    ['run', { scenarios: ['stress/smoke\0'] }, /^USAGE: run: scenarios.0: control characters/],
    ['prove', { scenarios: [`--results=${folder}/x`] }, /^SCENARIO_UNKNOWN: /],
    ['list', { grep: '--json', profile: '--help' }, /^USAGE: --grep --json: none of/],
    ['gate', { against: '.' }, /^USAGE: gate: against: /],
    ['gate', { prepare: 'touch x' }, /^USAGE: gate has no argument "prepare"/],
    ['init', { force: true, answers: { command: 'touch x' } }, /^USAGE: init: answers.command: /],
  ];
  for (const [name, input, message] of refused)
    expect(await call(name, input)).toMatchObject({ isError: true, text: expect.stringMatching(message) });
  expect(await readdir(folder)).toEqual(before);
});

test('a message of 20 MB is answered with an error, and the server continues', async () => {
  const { client, call } = await connected();
  const huge = client.callTool({ name: 'run', arguments: { scenarios: ['x'.repeat(20_000_000)] } });
  await expect(huge).rejects.toThrow(/the message has 2\d{7} bytes; allowed: 1048576/);
  expect(await call('status')).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^USAGE: nothing has been/),
  });
});

test('tools have schemas and wait shorter than the default timeout of the official client', async () => {
  const { client, tools } = await connected();
  const names = ['init', 'doctor', 'list', 'run', 'status', 'cancel', 'why', 'again', 'compare', 'prove', 'gate'];
  expect(tools.map(({ name }) => name)).toEqual(names);
  for (const { inputSchema, outputSchema } of tools) {
    expect(inputSchema).toMatchObject({ additionalProperties: false });
    expect(Object.keys(outputSchema?.properties ?? {}).length).toBeGreaterThan(2);
    const { waitSeconds } = inputSchema.properties ?? {};
    if (waitSeconds) expect(waitSeconds).toMatchObject({ default: 45, maximum: 50 });
  }
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain('proofload://docs/how-to/README.md');
  const page = await client.readResource({ uri: 'proofload://docs/failing-checks.md' });
  expect((page.contents[0] as { text: string }).text).toMatch(/^# /);
});
