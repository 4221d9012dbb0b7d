import { expect, test } from 'vitest';
import { upstreamFaults } from '../../../../faults/kinds/index.ts';
import type { Effect } from '../../../../faults/kinds/lib/upstream-fault.ts';
import { askStream } from '../../../mocks/ask-stream.ts';
import { type FakeLab, startFakeLab, until } from '../../../mocks/fake-lab.ts';

/** The required fields for kinds that have any. The times are longer than this test takes. */
const FIELDS: Record<string, Record<string, unknown>> = {
  status: { status: 503 },
  latency: { milliseconds: 300_000 },
  'latency-ramp': { fromMilliseconds: 300_000, toMilliseconds: 300_000, overMilliseconds: 1 },
  'slow-first-token': { milliseconds: 300_000 },
  flood: { megabytes: 1 },
  cut: { bytes: 10 },
  'cut-stream': { events: 1 },
};

const kindsWith = (effect: Effect): string[] =>
  [...upstreamFaults.values()].filter((kind) => kind.effect === effect && kind.kind !== 'mix').map(({ kind }) => kind);

const injectOnce = (lab: FakeLab, kind: string) => lab.inject('groq', { kind, ...FIELDS[kind], next: 1 });

/** Whether a call gets the normal completion. */
const isServed = (lab: FakeLab): Promise<boolean> =>
  lab.complete().then(
    ({ status, text }) => status === 200 && /^\{"id".*"choices"/s.test(text) && text.endsWith('}'),
    () => false,
  );

/** Whether a call gets the normal stream, to its end. */
async function isStreamed(lab: FakeLab): Promise<boolean> {
  const { data, error } = await askStream(lab);
  return error === undefined && data.at(-1) === '[DONE]' && !data.some((event) => event.includes('"error"'));
}

test.each(kindsWith('fails'))('%s fails a call', async (kind) => {
  await using lab = await startFakeLab();
  await injectOnce(lab, kind);
  expect(await isServed(lab)).toBe(false);
  expect(await isServed(lab)).toBe(true);
});

test.each(kindsWith('stream'))('%s only fails streams', async (kind) => {
  await using lab = await startFakeLab();
  await injectOnce(lab, kind);
  expect(await isServed(lab)).toBe(true);
  await injectOnce(lab, kind);
  expect(await isStreamed(lab)).toBe(false);
});

test.each(kindsWith('waits'))('%s keeps a call waiting while others are served', async (kind) => {
  await using lab = await startFakeLab();
  await injectOnce(lab, kind);
  const ended: string[] = [];
  const call = isServed(lab).then(() => ended.push('delayed'));
  await until(async () => (await lab.control('GET', '/receipts/count?upstream=groq')).body.requests === 1);
  await isServed(lab);
  expect(ended).toEqual([]);
  await lab.control('DELETE', '/upstreams/groq/faults');
  await call;
});

test.each(kindsWith('none'))("%s doesn't affect calls and streams", async (kind) => {
  await using lab = await startFakeLab();
  await injectOnce(lab, kind);
  expect(await isServed(lab)).toBe(true);
  await injectOnce(lab, kind);
  expect(await isStreamed(lab)).toBe(true);
});
