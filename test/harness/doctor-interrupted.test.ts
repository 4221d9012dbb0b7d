import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { proofload } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { processesWith } from '../support/processes-with.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Answers one endpoint never, and does not end when it is asked to. */
const STUBBORN = `
  import { createServer } from 'node:http';
  process.on('SIGTERM', () => {});
  createServer(({ url }, response) => {
    if (url === '/health') response.end('ok');
  }).listen(Number(process.env.PORT), '127.0.0.1');
`;

const CONTRACT = `name: stubborn
start: { command: [node, stubborn.mjs], readyPath: /health, readySeconds: 20 }
upstreams: { llm: { kind: openai, tls: false } }
environment: { PORT: "\${port}", LLM_URL: "\${upstream.llm}", DATABASE_URL: "\${postgres}" }
endpoints: { ask: { method: GET, path: /ask, served: [200], reaches: [llm] } }
profiles: { fast: {} }
`;

/** It ends within 2 s, in milliseconds, and a busy machine may wake it a second later. */
const LIMIT_MS = 3_000;

test.each([
  ['SIGINT', 'it reads the contract', /valid contract/],
  ['SIGTERM', 'the lab starts', /starting the lab/],
  ['SIGINT', 'a call waits for an answer', /stress\/smoke \(about/],
] as const)('doctor ends within 2 s if %s comes while %s, and leaves nothing', async (signal, _, moment) => {
  const temporary = await temporaryFolder();
  await chmod(temporary, 0o755); // PostgreSQL runs as another user if this runs as root
  await writeFile(`${temporary}/stubborn.mjs`, STUBBORN);
  await writeFile(`${temporary}/proofload.yaml`, CONTRACT);
  const environment = { CONTRACT: '', TMPDIR: temporary, POSTGRES: 'embedded' };
  const { child, output, exited, results } = await proofload(['doctor'], environment, temporary);
  await eventually(() => expect(output.text).toMatch(moment), 20);
  const began = performance.now();
  child.kill(signal);
  await once(child, 'exit');
  expect(performance.now() - began).toBeLessThan(LIMIT_MS);
  const { code, text } = await exited;
  expect(code).toBe(3);
  expect(text.split('\n').filter((line) => line.includes(signal))).toEqual([
    `${signal}: it was interrupted, so there is no verdict`,
  ]);
  expect(text).not.toMatch(/^(PASS|FAIL|INCONCLUSIVE)/m);
  await eventually(async () => expect(await processesWith(temporary)).toEqual([]));
  expect((await readdir(temporary)).sort()).toEqual(['proofload.yaml', 'stubborn.mjs']);
  expect(existsSync(join(results, 'doctor'))).toBe(false);
});
