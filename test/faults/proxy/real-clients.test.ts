import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { bearer } from '../../../faults/control/guard.ts';
import { startFakes } from '../../../faults/fakes/start-fakes.ts';
import { fetchDirectly } from '../../../harness/base/fetch-directly.ts';
import { defineUpstreams } from '../../../mocks/define-upstreams.ts';
import { eventually } from '../../support/eventually.ts';
import { keptCertificates } from '../../support/kept-certificates.ts';

/** A program that sends a GET request to the URL in its last argument, and prints the status or fails. */
interface Client {
  readonly command: readonly string[];
  /** The command that shows that the client is on this machine. */
  readonly needs: readonly string[];
}

const ofNode = (code: string): Client => ({ command: [process.execPath, '-e', code], needs: [process.execPath, '-v'] });

const ofPython = (module: string, code: string): Client => {
  const needs = (python: string) => [python, '-c', `import ${module}`];
  const python = ['python3', '/usr/bin/python3'].find((candidate) => works(needs(candidate))) ?? 'python3';
  return { command: [python, '-c', `import sys, ${module}\nurl = sys.argv[1]\n${code}`], needs: needs(python) };
};

const works = ([program = '', ...args]: readonly string[]): boolean => spawnSync(program, args).status === 0;

const GO = `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	answer, err := http.Get(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(answer.StatusCode)
}
`;

const folder = await mkdtemp(join(tmpdir(), 'proofload-test-'));
const built = join(folder, 'get');

const clients: Readonly<Record<string, Client>> = {
  "Node's fetch": ofNode('fetch(process.argv[1]).then(({ status }) => console.log(status))'),
  "Node's https": ofNode(
    "require('node:https').get(process.argv[1], (answer) => { console.log(answer.statusCode); process.exit(); })",
  ),
  "Python's urllib": ofPython('urllib.request', 'print(urllib.request.urlopen(url).status)'),
  "Python's requests": ofPython('requests', 'print(requests.get(url).status_code)'),
  "Python's httpx": ofPython('httpx', 'print(httpx.get(url).status_code)'),
  curl: { command: ['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}'], needs: ['curl', '--version'] },
  "Go's net/http": { command: [built], needs: ['go', 'version'] },
};

const run = promisify(execFile);

beforeAll(async () => {
  if (works(['go', 'version'])) {
    await writeFile(join(folder, 'get.go'), GO);
    await run('go', ['build', '-o', built, join(folder, 'get.go')]);
  }
  return () => rm(folder, { recursive: true });
});

/** Starts fakes of an API whose paths need no key, and returns how to call it with a client. */
async function startBehind({ command: [program = '', ...args] }: Client) {
  const upstreams = defineUpstreams({
    crm: { openapi: join(folder, 'crm.json'), via: 'proxy', host: 'api.crm.example' },
  });
  const document = {
    openapi: '3.1.0',
    info: { title: 'CRM', version: '1' },
    paths: { '/people': { get: { responses: { 200: { description: 'all' } } } } },
  };
  await writeFile(join(folder, 'crm.json'), JSON.stringify(document));
  const fakes = await startFakes(upstreams, { certify: keptCertificates });
  onTestFinished(() => fakes[Symbol.asyncDispose]());
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, fakes.ca);
  const env = {
    ...Object.fromEntries(['PATH', 'HOME'].map((name) => [name, process.env[name]])),
    HTTPS_PROXY: fakes.proxy,
    HTTP_PROXY: fakes.proxy,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_USE_ENV_PROXY: '1',
    ...Object.fromEntries(
      ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'].map((name) => [name, ca]),
    ),
  };
  const control = async (method: string, path: string, body?: object) => {
    const headers = { 'content-type': 'application/json', ...bearer(fakes.token) };
    const answer = await fetchDirectly(fakes.control + path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as { receipts: unknown[] };
  };
  return {
    get: async (url: string): Promise<string> => (await run(program, [...args, url], { env })).stdout.trim(),
    control,
    expectReceipts: (expected: object[]) =>
      eventually(async () => expect((await control('GET', '/receipts')).receipts).toMatchObject(expected)),
  };
}

for (const [name, client] of Object.entries(clients)) {
  const isHere = works(client.needs);
  if (!isHere) console.log(`not tested with ${name}: "${client.needs.join(' ')}" fails`);

  test.skipIf(!isHere)(`${name} reaches an upstream through the proxy, with its faults and certificates`, async () => {
    const { get, control, expectReceipts } = await startBehind(client);
    const people = 'https://api.crm.example/people';
    expect(await get(people)).toBe('200');
    const served = { kind: 'request', upstream: 'crm', status: 200 };
    await expectReceipts([served]);

    await control('PUT', '/upstreams/crm/certificate', { kind: 'self-signed' });
    await expect(get(people)).rejects.toThrow();
    await expectReceipts([served, { kind: 'handshake-failed', upstream: 'crm' }]);
    await control('POST', '/reset');

    await control('POST', '/upstreams/crm/faults', { kind: 'refuse' });
    await expect(get(people)).rejects.toThrow();
    await control('POST', '/reset');
    await control('POST', '/upstreams/crm/faults', { kind: 'status', status: 503 });
    expect(await get(people).catch(({ stderr }) => stderr)).toMatch(/503/);
    await control('POST', '/reset');

    expect(await get('https://other.example/').catch(({ code }) => code)).not.toBe('200');
    await expectReceipts([{ kind: 'stray', upstream: 'other.example:443', why: 'unknown-host' }]);
  });
}
