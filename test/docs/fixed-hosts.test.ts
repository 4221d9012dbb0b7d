import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { decidedRun, proofloadWarm } from '../support/command-line.ts';
import { ALONE_MS } from '../support/limits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { renderPage } from './rendered-page.ts';

const { code } = renderPage(await readFile('docs/how-to/proxy.md', 'utf8'));
const DOCUMENTED = parse(code.find(({ language }) => language === 'yaml')?.text ?? '');

/** A service that calls fixed hosts, and reports to a third one before it is asked anything. */
const SERVICE = `
import { createServer } from 'node:http';
import { get } from 'node:https';
const call = async (url, init) => {
  const response = await fetch(url, init);
  await response.text();
  if (!response.ok) throw new Error(url + ': ' + response.status);
};
const people = () => new Promise((resolve, reject) => {
  get('https://crm.example.com/people', (answer) => answer.resume().once('end', resolve)).once('error', reject);
});
fetch('https://telemetry.example.com/started').catch(() => {});
createServer(async ({ url }, answer) => {
  try {
    if (url === '/ask') await call('https://api.groq.com/openai/v1/models', { headers: { authorization: 'Bearer x' } });
    if (url === '/people') await people();
    answer.writeHead(200).end();
  } catch (error) {
    console.error(error);
    answer.writeHead(502).end();
  }
}).listen(process.env.PORT, '127.0.0.1');
`;

const CRM = {
  openapi: '3.1.0',
  info: { title: 'CRM', version: '1' },
  paths: { '/people': { get: { responses: { 200: { description: 'all people' } } } } },
};

const get = (path: string, ...reaches: string[]) => ({ method: 'GET', path, served: [200], reaches });

/** Writes the documented contract, with these changes, and a service for it. Returns the folder. */
async function project(changes: object, service = SERVICE): Promise<string> {
  const folder = await temporaryFolder();
  const contract = {
    name: 'fixed hosts',
    start: { command: ['node', 'service.mjs'], readyPath: '/health', readySeconds: 20 },
    ...DOCUMENTED,
    environment: { ...DOCUMENTED.environment, PORT: '${port}' },
    endpoints: { ask: get('/ask', 'llm'), people: get('/people', 'crm'), health: get('/health') },
    profiles: { fast: {} },
    ...changes,
  };
  await writeFile(join(folder, 'proofload.yaml'), stringify(contract));
  await writeFile(join(folder, 'service.mjs'), service);
  await writeFile(join(folder, 'crm.yaml'), stringify(CRM));
  return folder;
}

test(
  'the documented contract judges a service whose hosts no setting changes',
  async () => {
    const CONTRACT = join(await project({}), 'proofload.yaml');
    const { code, text } = await decidedRun(['run', 'stress/smoke', '--verbose'], { CONTRACT });
    expect(text).toMatch(/called hosts known .* 2 requests to llm, crm, 1 call to .* PASS/);
    expect(code, text).toBe(0);
  },
  ALONE_MS,
);

test('a host that the contract does not mention makes the run INCONCLUSIVE, and is named', async () => {
  const CONTRACT = join(await project({ ignoredHosts: [] }), 'proofload.yaml');
  const { code, text } = await proofloadWarm(['run', 'stress/smoke'], { CONTRACT });
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'the service calls telemetry.example.com:443, which no upstream of the contract is',
  );
  expect(code, text).toBe(3);
});

test('a service that does not start without another host names it', async () => {
  // It ends before it listens: otherwise it may be ready before it ends.
  const service = SERVICE.replace(
    /(fetch\('https:\/\/telemetry.*)\.catch\(.*/,
    'await $1.catch(() => process.exit(1));',
  );
  const CONTRACT = join(await project({}, service), 'proofload.yaml');
  const { code, text } = await proofloadWarm(['run', 'stress/smoke'], { CONTRACT });
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    "the lab's proxy refused its calls to telemetry.example.com:443, which no upstream of the contract is",
  );
  expect(code, text).toBe(1);
});
