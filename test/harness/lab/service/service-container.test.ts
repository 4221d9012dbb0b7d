import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startContainer } from '../../../../harness/lab/service/service-container.ts';
import { Reaper } from '../../../../harness/process/reaper.ts';
import { contractFile, proofload } from '../../../support/command-line.ts';
import { eventually } from '../../../support/eventually.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** An image with Node, such as node:24-slim. */
const image = process.env.TEST_SERVICE_IMAGE;

/** Ends with the status 3 on SIGTERM. */
const PROGRAM = `
  const { readFileSync, writeFileSync } = require('node:fs');
  process.once('SIGTERM', () => process.exit(3));
  writeFileSync(process.env.FOLDER + '/written', 'by ' + process.env.NAME);
  console.log('read ' + readFileSync(process.env.CA, 'utf8'));
  setInterval(() => {}, 1_000);
`;

test('a service in a container has its settings and the files of the lab, and ends by a signal', async ({ skip }) => {
  if (image === undefined) skip('set TEST_SERVICE_IMAGE to an image with Node, such as node:24-slim');
  const parent = await temporaryFolder();
  const [folder, ca] = [await mkdtemp(join(parent, 'folder-')), join(parent, 'ca.pem')];
  await writeFile(ca, 'a certificate');
  await using reaper = new Reaper();
  const lines: string[] = [];
  const container = { image, mounts: [folder, ca] };
  const launch = { container, command: ['node', '-e', PROGRAM], environment: { FOLDER: folder, CA: ca, NAME: 'shop' } };
  const started = await startContainer(launch, reaper, (line) => lines.push(line));
  await eventually(() => expect(lines).toContain('read a certificate'));
  expect(await readFile(join(folder, 'written'), 'utf8')).toBe('by shop');
  expect(started).toMatchObject({ running: true, pid: undefined });
  expect(await started.stop()).toEqual({ code: 3, signal: null });
  expect(started.running).toBe(false);
});

/** Calls an upstream for each request, and finishes its requests on SIGTERM. */
const SERVICE = `
  import { createServer } from 'node:http';
  const server = createServer(async (request, response) => {
    if (request.url === '/health') return response.end('ok');
    const signal = AbortSignal.timeout(1_500);
    const headers = { Authorization: 'Bearer sk-example-key' };
    const models = await fetch(process.env.LLM_URL + '/models', { headers, signal }).catch(() => undefined);
    response.writeHead(models?.ok ? 200 : 502).end();
  });
  process.once('SIGTERM', () => server.close(() => process.exit(0)));
  server.listen(Number(process.env.PORT), '127.0.0.1');
`;

test('a service in a container is judged as a process is: its calls, its failures and its end', async ({ skip }) => {
  if (image === undefined) skip('set TEST_SERVICE_IMAGE to an image with Node, such as node:24-slim');
  const CONTRACT = await contractFile({
    name: 'a service in a container',
    start: { container: { image }, command: ['node', '${folder}/server.mjs'], readyPath: '/health', readySeconds: 20 },
    files: { 'server.mjs': SERVICE.replaceAll('${', '$${') },
    upstreams: { llm: { kind: 'openai', basePath: '/v1', tls: false } },
    environment: { PORT: '${port}', LLM_URL: '${upstream.llm}' },
    endpoints: {
      models: { method: 'GET', path: '/models', served: [200], reaches: ['llm'], onFault: { 500: 502, hang: 502 } },
      health: { method: 'GET', path: '/health', served: [200] },
    },
    termination: { graceSeconds: 5, inFlight: 'finished' },
    profiles: { fast: {} },
  });
  const scenarios = ['stress/smoke', 'chaos/termination', 'chaos/fault-answers'];
  const { code, text } = await (await proofload(['run', ...scenarios], { CONTRACT })).exited;
  expect(text).toMatch(/^PASS: 3 of 3 scenarios judged/m);
  expect(code).toBe(0);
});
