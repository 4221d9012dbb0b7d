import { expect, test } from 'vitest';
import { upstreamFaults } from '../../../../faults/kinds/index.ts';
import type { Effect } from '../../../../faults/kinds/lib/nature.ts';
import type { UpstreamFault } from '../../../../faults/kinds/lib/upstream-fault.ts';
import { faultFields } from '../../../../harness/workbench/fault-fields.ts';
import { askStream } from '../../../mocks/ask-stream.ts';
import { type FakeLab, startFakeLab, until } from '../../../mocks/fake-lab.ts';
import { RawClient } from '../../../mocks/raw-client.ts';

/** Fields that are not required, but without which the fault does nothing at its beginning. */
const MORE: Record<string, Record<string, unknown>> = { 'latency-ramp': { fromMilliseconds: 300_000 } };

/** Returns values for the required fields of a kind. The times are longer than this test takes, and the rest is little. */
function requiredFields(kind: UpstreamFault): Record<string, unknown> {
  const required = faultFields(kind).own.filter(({ isRequired }) => isRequired);
  const amountOf = ({ initial, min, max }: (typeof required)[number]) =>
    (kind.effect === 'waits' ? max : min) ?? initial;
  return { ...Object.fromEntries(required.map((field) => [field.name, amountOf(field)])), ...MORE[kind.kind] };
}

/** Returns the kinds with an effect by name. That of a mix depends on its members. */
const kindsWith = (effect: Effect): [string, UpstreamFault][] =>
  [...upstreamFaults].filter(([name, kind]) => kind.effect === effect && name !== 'mix');

const injectOnce = (lab: FakeLab, kind: UpstreamFault) =>
  lab.inject('groq', { kind: kind.kind, ...requiredFields(kind), next: 1 });

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

test.each(kindsWith('fails'))('%s fails a call', async (_, kind) => {
  await using lab = await startFakeLab();
  await injectOnce(lab, kind);
  expect(await isServed(lab)).toBe(false);
  expect(await isServed(lab)).toBe(true);
});

test.each(kindsWith('stream'))('%s only fails streams', async (_, kind) => {
  await using lab = await startFakeLab();
  await injectOnce(lab, kind);
  expect(await isServed(lab)).toBe(true);
  await injectOnce(lab, kind);
  expect(await isStreamed(lab)).toBe(false);
});

test.each(kindsWith('waits'))('%s keeps a call waiting while others are served', async (_, kind) => {
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

test.each(kindsWith('none'))("%s doesn't affect calls and streams", async (_, kind) => {
  await using lab = await startFakeLab();
  await injectOnce(lab, kind);
  expect(await isServed(lab)).toBe(true);
  await injectOnce(lab, kind);
  expect(await isStreamed(lab)).toBe(true);
});

test.each(['drip', 'keep-alives', 'stall'])('%s ends when the client disconnects', async (kind) => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind });
  const client = await RawClient.complete(lab, { stream: true });
  await until(() => client.received !== '');
  client.socket.destroy();
  expect(await lab.receipts()).toMatchObject([{ status: 200, outcome: 'client-gone' }]);
});
