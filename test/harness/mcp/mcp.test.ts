import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test } from 'vitest';
import { called, product } from '../../support/product.ts';

/** Starts the MCP server in a folder with the item service, and connects a client to it. */
async function connected() {
  const folder = await mkdtemp(join(tmpdir(), 'proofload-mcp-'));
  await copyFile('examples/item-service/server.mjs', join(folder, 'server.mjs'));
  await writeFile(join(folder, 'package.json'), '{ "name": "items", "scripts": { "start": "node server.mjs" } }');
  const [command, args] = called(product.bin, ['mcp']);
  const transport = new StdioClientTransport({ command, args, cwd: folder, stderr: 'ignore' });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  onTestFinished(async () => {
    await client.close();
    await rm(folder, { recursive: true });
  });
  const lines: string[] = [];
  const call = async (name: string, input: Record<string, unknown> = {}) => {
    const answer = await client.callTool({ name, arguments: input }, undefined, {
      timeout: 120_000,
      onprogress: ({ message = '' }) => lines.push(message),
    });
    const [content] = answer.content as { text: string }[];
    return { text: content?.text ?? '', data: answer.structuredContent as never, isError: answer.isError ?? false };
  };
  return { client, call, folder, lines };
}

const LIMIT = 'max: 20';

test('a client goes from the folder of a service to a verdict, its reason and a comparison in eight calls', async () => {
  const { client, call, folder, lines } = await connected();
  const written = await call('init');
  expect(written).toMatchObject({
    isError: false,
    text: expect.stringContaining('node server.mjs (from package.json'),
  });
  const contract = join(folder, 'proofload.yaml');
  expect(await readFile(contract, 'utf8')).toMatch(/^name: items$/m);
  const described = await readFile('examples/item-service/proofload.yaml', 'utf8');
  expect(described).toContain(LIMIT);
  await writeFile(contract, described.replace(LIMIT, 'max: 21'));

  expect((await call('doctor')).text).toMatch(/PASS: the contract describes the service/);
  expect((await call('list', { grep: 'rate-limits' })).text).toMatch(/^stress\/rate-limits /m);
  const first = await call('run', { scenarios: ['stress/rate-limits'] });
  expect(first).toMatchObject({ isError: false, data: { verdict: 'FAIL', coverage: { judged: 1 } } });
  expect(lines.join('\n')).toContain('stress/rate-limits');
  const { data } = await call('why', { check: 'first window' });
  expect(data).toMatchObject({
    verdict: 'FAIL',
    checks: [{ check: 'admits exactly N: items, first window', verdict: 'FAIL', usually: expect.any(String) }],
  });

  await writeFile(contract, described);
  expect(await call('again', { scenario: 'stress/rate-limits' })).toMatchObject({ data: { verdict: 'PASS' } });
  const { folder: before } = first.data as { folder: string };
  expect((await call('compare', { before })).text).toMatch(/admits exactly N: items, first window: FAIL → PASS/);
  const read = await client.readResource({ uri: 'proofload://runs/latest/verdict.json' });
  expect(JSON.parse((read.contents[0] as { text: string }).text)).toMatchObject({ verdict: 'PASS' });
});

test('what can not be done is an error that says what is allowed', async () => {
  const { client, call } = await connected();
  expect(await call('doctor')).toMatchObject({
    isError: true,
    text: expect.stringMatching(/^USAGE: .*"proofload init"/),
  });
  expect(await call('why')).toMatchObject({ isError: true, text: expect.stringContaining('there is no run "latest"') });
  expect(await call('run', { scenarios: [] })).toMatchObject({
    isError: true,
    text: expect.stringContaining('scenarios'),
  });
  expect(await call('fix')).toMatchObject({
    isError: true,
    text: expect.stringMatching(/"fix"; allowed: init, doctor/),
  });
  await expect(client.readResource({ uri: 'proofload://docs/../package.json' })).rejects.toThrow(
    /there is no resource/,
  );
});

test('tools and resources are listed, and the pages of the documentation can be read', async () => {
  const { client } = await connected();
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['init', 'doctor', 'list', 'run', 'why', 'again', 'compare']);
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toContain('proofload://docs/your-service.md');
  const page = await client.readResource({ uri: 'proofload://docs/failing-checks.md' });
  expect((page.contents[0] as { text: string }).text).toMatch(/^# /);
});
