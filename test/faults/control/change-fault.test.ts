import { expect, test } from 'vitest';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';

test('a changed option applies to the next request, and the counts continue', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 500, rate: 1 });
  expect((await lab.complete()).status).toBe(500);
  const { body } = await lab.control('PATCH', '/upstreams/groq/faults/f1', { status: 502 });
  expect(body).toEqual({
    id: 'f1',
    kind: 'status',
    status: 502,
    rate: 1,
    state: 'active',
    seen: 1,
    excluded: 0,
    disrupted: 1,
  });
  expect((await lab.complete()).status).toBe(502);
});

test('a changed scope starts over, so a spent fault acts again', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 500, next: 1 });
  await lab.complete();
  expect((await lab.complete()).status).toBe(200);
  await lab.control('PATCH', '/upstreams/groq/faults/f1', { next: 2 });
  const statuses = [await lab.complete(), await lab.complete(), await lab.complete()].map(({ status }) => status);
  expect(statuses).toEqual([500, 500, 200]);
  expect(await lab.firstFault('groq')).toMatchObject({ next: 2, state: 'spent', disrupted: 3 });
});

test('null removes a field', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 500, route: 'GET /nowhere' });
  expect((await lab.complete()).status).toBe(200);
  await lab.control('PATCH', '/upstreams/groq/faults/f1', { route: null });
  expect((await lab.complete()).status).toBe(500);
});

test('rejects unknown fields of the kind without any change', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'status', status: 500 });
  const refusal = await lab.control('PATCH', '/upstreams/groq/faults/f1', { status: 502, milliseconds: 1 });
  expect(refusal).toMatchObject({ status: 400, body: { error: { code: 'unknown-field' } } });
  const { body } = await lab.control('PATCH', '/upstreams/groq/faults/f1', { kind: 'hang' });
  expect(body.error.message).toContain('"kind" of fault "status" can\'t be changed; allowed: "status"');
  expect((await lab.complete()).status).toBe(500);
});

test('a held request continues when its fault is healed after a change', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'latency', milliseconds: 600_000 });
  const answer = lab.complete();
  await until(async () => (await lab.firstFault('groq')).disrupted === 1);
  await lab.control('PATCH', '/upstreams/groq/faults/f1', { milliseconds: 1 });
  expect((await lab.complete()).status).toBe(200);
  await lab.control('DELETE', '/faults');
  expect((await answer).status).toBe(200);
});
