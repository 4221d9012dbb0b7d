import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { secrets } from '../../../harness/base/secrets.ts';
import { Fakes } from '../../../harness/lab/fakes.ts';
import { oneOfEachKind } from '../../../mocks/declared-upstream.ts';

test('fakes serve HTTPS, fail on demand, and report their receipts', async () => {
  const fakes = await Fakes.start(oneOfEachKind);
  const agent = new Agent({ connect: { ca: await readFile(fakes.ca, 'utf8') } });
  const models = async () => {
    const headers = { authorization: 'Bearer gsk_test' };
    const answer = await request(`${fakes.upstreams.groq}/openai/v1/models`, { dispatcher: agent, headers });
    await answer.body.dump();
    return answer.statusCode;
  };
  await fakes.pass('post', '/upstreams/groq/faults', { kind: 'status', status: 503, next: 1 });
  expect([await models(), await models()]).toEqual([503, 200]);
  expect(await fakes.pass('get', '/receipts/count?upstream=groq')).toMatchObject({ requests: 2 });
  await agent.close();
  await fakes[Symbol.asyncDispose]();
  await expect(models()).rejects.toThrow();
  expect(existsSync(fakes.ca)).toBe(false);
});

test("rejects a host name that doesn't resolve to this machine", async () => {
  const upstreams = { crm: { kind: 'groq' as const, host: 'crm.invalid' } };
  await expect(Fakes.start(upstreams)).rejects.toMatchObject({
    code: 'FAKES_FAILED',
    message: expect.stringContaining('upstreams.crm.host: crm.invalid does not resolve to 127.0.0.1'),
  });
});

test("a host behind the proxy need not resolve to this machine, and the proxy's token is hidden", async () => {
  const upstreams = { crm: { kind: 'groq' as const, via: 'proxy' as const, host: 'crm.invalid' } };
  await using fakes = await Fakes.start(upstreams);
  expect(fakes.proxy).toMatch(/^http:\/\/lab:[\w-]{32}@127\.0\.0\.1:\d+$/);
  const { password } = new URL(fakes.proxy ?? '');
  expect(secrets.redact(`the token ${password}`)).toBe('the token REDACTED');
});
