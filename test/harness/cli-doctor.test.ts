import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Diagnosis } from '../../harness/verdict/diagnosis.ts';
import reference from '../../service/proofload.config.ts';
import { contractFile, decidedRun, EXAMPLE, proofloadWarm, whyInconclusive } from '../support/command-line.ts';
import { usingSharedPostgres } from '../support/embedded-postgres.ts';
import { ALONE_MS } from '../support/limits.ts';
import { decided } from '../support/measured-again.ts';
import { called, product } from '../support/product.ts';
import { noTerminal, outputInTerminal } from '../support/pseudo-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Calls the main upstream twice, then the backup, and streams its answer. */
const GATEWAY = String.raw`
  import { createServer } from 'node:http';
  const { MAIN_URL, BACKUP_URL, PORT } = process.env;
  async function isServed() {
    for (const url of [MAIN_URL, MAIN_URL, BACKUP_URL]) {
      const headers = { Authorization: 'Bearer sk-example' };
      const signal = AbortSignal.timeout(1_000);
      const answer = await fetch(url + '/models', { headers, signal }).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return true;
    }
  }
  createServer(async ({ url }, response) => {
    if (url === '/health') return response.end('ok');
    if (!(await isServed())) return response.writeHead(502).end();
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end('data: {"a":1}\n\ndata: [DONE]\n\n');
  }).listen(Number(PORT), '127.0.0.1');
`;

const GATEWAY_CONTRACT = `name: gateway
start: { command: [node, gateway.mjs], readyPath: /health, readySeconds: 20 }
upstreams:
  main: { kind: openai, basePath: /v1, tls: false } # the first one
  backup: { kind: openai, basePath: /v1, tls: false }
environment: { PORT: "\${port}", MAIN_URL: "\${upstream.main}", BACKUP_URL: "\${upstream.backup}" }
endpoints:
  ask:
    method: GET
    path: /ask
    served: [200]
    reaches: [main] # and sometimes the other
profiles: { fast: {} }
`;

test(
  'doctor --fix writes what the contract does not describe, shows the lines, and checks it again',
  async () => {
    const folder = await temporaryFolder({ 'gateway.mjs': GATEWAY });
    const path = join(folder, 'proofload.yaml');
    const fix = async () => {
      await writeFile(path, GATEWAY_CONTRACT);
      return proofloadWarm(['doctor', '--fix', '--thorough'], { CONTRACT: '' }, folder);
    };
    const { code, text } = await decided('doctor --fix', fix, whyInconclusive);
    expect(text).toMatch(/^Written to proofload\.yaml to match the service\.[\s\S]*\n {2}\+ 4: /m);
    expect(text).toMatch(/^proofload\.yaml is checked again\.$/m);
    expect(text).toMatch(/^PASS: the contract describes the service/m);
    expect(code).toBe(0);
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines[3]).toBe(
      '  main: { kind: openai, basePath: /v1, tls: false, calls: { attempts: 2, on: [4xx, 5xx, connection, timeout], never: [body] } } # the first one',
    );
    expect(lines.slice(11, 14)).toEqual([
      '    reaches: [main] # and sometimes the other',
      expect.stringMatching(/^ {4}(stream|fallback): /),
      expect.stringMatching(/^ {4}(stream|fallback): /),
    ]);
    expect(lines).toContain('    fallback: [main, backup]');
    expect(lines).toContain("    stream: { format: sse, end: '[DONE]' }");
  },
  ALONE_MS,
);

test(
  "doctor reports a missing ledger table, a rejected body, and the path of the service's log",
  async () => {
    const suggest = { ...reference.endpoints['activities-suggest'], body: { day: 1 } };
    const endpoints = { ...reference.endpoints, 'activities-suggest': suggest };
    const CONTRACT = await contractFile({
      ...reference,
      endpoints,
      ledger: { ...reference.ledger, table: 'nowhere' },
    });
    const { code, text } = await decidedRun(['doctor'], { ...(await usingSharedPostgres()), CONTRACT });
    expect(code).toBe(99);
    expect(text).toContain('relation "nowhere" does not exist');
    expect(text.replace(/\s+/g, '')).toContain('400withthebody:{"error":{"code":"invalid_request","message":"The');
    expect(text).toMatch(
      /^ {2}FAIL {2}serves activities-suggest\n {4}contract: \S+:\d+\s+\(endpoints\.activities-suggest\./m,
    );
    const [, log = ''] = /service log: (.*)/.exec(text) ?? [];
    expect(await readFile(log, 'utf8')).toContain('"level"');
  },
  ALONE_MS,
);

test(
  'doctor --json prints what was found as one document, with the lines to change',
  async () => {
    const cwd = resolve('examples/item-service');
    const contract = parse(await readFile(join(cwd, 'proofload.yaml'), 'utf8'));
    contract.start.cwd = cwd;
    contract.endpoints.items.served = [201];
    contract.requires = ['stress/smoke', 'chaos/outage'];
    const CONTRACT = await contractFile(contract);
    const { code, text, results } = await decidedRun(['doctor', '--json'], { CONTRACT });
    // No other command looks for runs there.
    expect(await readdir(results)).toEqual(['doctor', 'timings.json']);
    const diagnosis = JSON.parse(text.slice(text.indexOf('{\n'))) as Diagnosis;
    expect({ code, version: diagnosis.version, verdict: diagnosis.verdict }).toEqual({
      code: 99,
      version: 1,
      verdict: 'FAIL',
    });
    expect(diagnosis.scenarios).toContainEqual({ scenario: 'stress/smoke' });
    expect(diagnosis.scenarios).toContainEqual({
      scenario: 'chaos/outage',
      skipped: expect.stringContaining('breaker'),
    });
    expect(diagnosis.unmet).toEqual(['chaos/outage']);
    expect(diagnosis.switchedOff).toEqual([]);
    expect(diagnosis.findings).toContainEqual(
      expect.objectContaining({ scenario: 'stress/smoke', check: 'serves items', verdict: 'FAIL' }),
    );
    expect(diagnosis.causes[0]).toMatchObject({
      checks: [{ scenario: 'stress/smoke', check: 'serves items' }],
      contract: [{ path: ['endpoints', 'items', 'served'], line: expect.stringMatching(/:\d+$/) }],
    });
    expect(diagnosis.left).toEqual([]);
    expect(diagnosis.changes).toEqual([{ path: ['endpoints', 'items', 'served'], value: [200] }]);
    expect(await readFile(diagnosis.logs[0] ?? '', 'utf8')).toBe('');
  },
  ALONE_MS,
);

test.skipIf(noTerminal).each([
  [80, {}],
  [150, { NO_COLOR: '1' }],
])(
  'in a terminal of %d columns with %j, doctor shows its progress and keeps within the width',
  async (columns, env) => {
    const results = await temporaryFolder();
    const command = called(product.commandLine, ['doctor', '--contract', EXAMPLE.CONTRACT, '--results', results]);
    const inTerminal = () => outputInTerminal(columns, command, env);
    const text = await decided('doctor in a terminal', inTerminal, (said) => /INCONCLUSIVE.*/.exec(said)?.[0]);
    const lines = stripVTControlCharacters(text).split('\n');
    expect(text).not.toContain('\\u00');
    // A path can't be broken into lines.
    expect(lines.filter((line) => line.length > columns && line.trim().includes(' '))).toEqual([]);
    expect(text).toMatch(/measuring the precision[\s\S]*PASS\S* +stress\/smoke/);
    expect(lines.join(' ').replace(/ +/g, ' ')).toContain('PASS: the contract describes the service');
  },
  ALONE_MS,
);
