import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, onTestFinished, test } from 'vitest';
import { bearer } from '../../../faults/control/guard.ts';
import type { Addresses } from '../../../harness/workbench/open-bench.ts';
import { type AskingService, askingService } from '../../support/asking-service.ts';
import { processesWith } from '../../support/processes-with.ts';
import { called, product } from '../../support/product.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Starts `proofload lab --json` with a separate folder for temporary files. */
async function startLab({ contract }: Pick<AskingService, 'contract'>, ...more: string[]) {
  const temporary = await temporaryFolder();
  const child = spawn(...called(product.commandLine, ['lab', '--json', '--contract', contract, ...more]), {
    env: { ...process.env, TMPDIR: temporary, CONTRACT: '' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(([code]) => code as number);
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const left = async () => [...(await processesWith(temporary)), ...(await readdir(temporary))];
  return { child, exited, said: JSON.parse(value ?? 'null'), left };
}

const ask = async ({ url }: Addresses): Promise<number> => (await fetch(`${url}/ask`)).status;

test('prints what a test in any language needs to break an upstream, as a line of JSON', async () => {
  const { said, child, exited, left } = await startLab(await askingService());
  expect((await left()).length).toBeGreaterThan(3);
  const lab: Addresses = said;
  expect(lab).toMatchObject({ upstreams: { llm: expect.stringMatching(/^http:/) }, pid: child.pid });
  const headers = { ...bearer(lab.control.token), 'content-type': 'application/json' };
  const control = (method: string, path: string, body?: object) =>
    fetch(lab.control.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  expect(await ask(lab)).toBe(200);
  expect((await control('POST', '/upstreams/llm/faults', { kind: 'status', status: 500 })).status).toBe(201);
  expect(await ask(lab)).toBe(503);
  await control('DELETE', '/faults');
  expect(await ask(lab)).toBe(200);
  expect((await fetch(lab.control.openapi)).status).toBe(403);
  const document = await (await fetch(lab.control.openapi, { headers })).json();
  expect(await new Validator().validate(document as never)).toMatchObject({ valid: true });
  expect(document).toMatchObject({ security: [{ token: [] }], paths: { '/receipts': {}, '/faults': {} } });
  child.stdin?.end();
  expect(await exited).toBe(0);
  expect(await left()).toEqual([]);
});

test('SIGTERM ends it while its standard input is open', async () => {
  const { child, exited, left } = await startLab(await askingService());
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(await left()).toEqual([]);
});

test.each<[string, string, string[], object]>([
  ['an invalid contract', 'CONTRACT_INVALID', [], { endpoints: 1 }],
  ['an unknown option', 'USAGE', ['--nonsense'], {}],
  ['an unknown profile', 'USAGE', ['--profile', 'slow'], {}],
  ['an unknown condition', 'USAGE', ['--condition', 'sunshine'], {}],
])('%s is an error as JSON, with the exit code', async (_, code, args, changes) => {
  const service = await askingService();
  await service.rewrite(changes);
  const { said, exited } = await startLab(service, ...args);
  expect(said).toEqual({ error: { code, message: expect.not.stringContaining('USAGE'), exitCode: 2 } });
  expect(await exited).toBe(2);
});

test('a service that does not start is an error as JSON, with its output', async () => {
  const service = await askingService();
  await service.rewrite({ start: { command: ['node', '-e', 'throw "boom"'], readyPath: '/', readySeconds: 5 } });
  const { said, exited } = await startLab(service);
  const output = expect.arrayContaining([expect.stringContaining('boom')]);
  expect(said).toMatchObject({ error: { code: 'SERVICE_NOT_READY', output, exitCode: 1 } });
  expect(await exited).toBe(1);
});
