import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { CONVERSATION, refusal, startApp } from '../support/test-app.ts';
import { bearer } from '../support/tokens.ts';

const PATH = '/v1/conversations/end';
const MODULE = new URL('../../../service/http/json-body.ts', import.meta.url).href;
const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;

test.each([
  ['{"a":', '}'],
  ['[', ']'],
])('a body of %s…, as deep as its size allows, is rejected, and the service keeps running', async (open, close) => {
  await using app = await startApp();
  const deep = `${open.repeat(17_000)}1${close.repeat(17_000)}`;
  expect(await refusal(await app.post(PATH, deep))).toMatchObject({ status: 400, code: 'body_too_deep' });
  expect((await app.get('/health')).status).toBe(200);
});

test('the first body is parsed even if no file can be opened', async () => {
  const script = `
    import { openSync } from 'node:fs';
    import { Readable } from 'node:stream';
    const { jsonBody: [parse] } = await import(${JSON.stringify(MODULE)});
    try { for (;;) openSync('/dev/null'); } catch ({ code }) { process.stdout.write(code + ' '); }
    const headers = { 'content-type': 'application/json', 'content-length': '7' };
    const request = Object.assign(Readable.from([Buffer.from('{"a":1}')]), { headers });
    parse(request, {}, (error) => console.log(error?.message ?? JSON.stringify(request.body)));`;
  const limited = `ulimit -n 100 && exec "$0" --input-type=module --eval "$1"`;
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script]);
  expect(stdout).toBe('EMFILE {"a":1}\n');
});

test('accepts ten levels and rejects eleven', async () => {
  await using app = await startApp();
  const wrap = (value: string) => `{"user_id":"ada","more":${value}}`;
  expect((await app.post('/v1/activities/suggest', wrap(nested(8)))).status).toBe(200);
  expect(await refusal(await app.post('/v1/activities/suggest', wrap(nested(10))))).toMatchObject({
    code: 'body_too_deep',
  });
});

test("brackets in a string don't count as levels", async () => {
  await using app = await startApp();
  const messages = [{ role: 'user', content: '[{'.repeat(1000) }];
  expect((await app.post(PATH, { ...CONVERSATION, messages })).status).toBe(201);
});

test('rejects a body above 100 kB, even if it is compressed', async () => {
  await using app = await startApp();
  const large = JSON.stringify({ ...CONVERSATION, messages: [{ role: 'user', content: 'x'.repeat(101 * 1024) }] });
  expect(await refusal(await app.post(PATH, large))).toMatchObject({ status: 413, code: 'payload_too_large' });
  const bomb = await fetch(`${app.url}${PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...bearer('ada') },
    body: gzipSync('['.repeat(50_000_000)),
  });
  expect(await refusal(bomb)).toMatchObject({ status: 413, code: 'payload_too_large' });
});
