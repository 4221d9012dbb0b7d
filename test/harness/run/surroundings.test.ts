import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { called, product } from '../../support/product.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Starts a proxy that collects what it gets, and refuses it. */
async function listeningProxy() {
  const seen: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      seen.push(data.toString('latin1'));
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const CONTRACT = 'service/proofload.config.ts';

/** Runs a scenario of the reference service with some more variables in the shell. */
async function run(variables: Record<string, string>) {
  const results = await temporaryFolder();
  const options = ['--results', results, '--postgres', 'embedded', '--engine', 'embedded'];
  const child = spawn(...called(product.commandLine, ['run', 'stress/smoke', '--contract', CONTRACT, ...options]), {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  return { code, said };
}

test('a proxy of the shell gets nothing, and its variables for PostgreSQL change neither the server nor connections', async () => {
  const { url, seen } = await listeningProxy();
  const { said, code } = await run({
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    ALL_PROXY: url,
    http_proxy: url,
    https_proxy: url,
    // Node is told to use the proxies for everything.
    NODE_USE_ENV_PROXY: '1',
    NO_PROXY: '',
    no_proxy: '',
    PGSSLMODE: 'verify-full',
    PGOPTIONS: '-c nonsense=1 -c default_transaction_read_only=on',
    PGHOST: 'db.example.com',
    PGPORT: '1',
    PGDATA: '/nowhere',
    PGCLIENT_ENCODING: 'EUC_JP',
    PGSSLNEGOTIATION: 'direct',
    PGSERVICE: 'none',
  });
  expect(said).toContain('stress/smoke');
  expect(code, said).toBe(0);
  expect(seen).toEqual([]);
});
