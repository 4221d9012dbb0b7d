import { expect, test } from 'vitest';
import { splitChunks } from '../../../faults/kinds/split-chunks.ts';
import { askStream, firstStream } from '../../mocks/ask-stream.ts';
import { startFakeLab } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';

const withoutIds = (text: string) => text.replace(/"(id|created)":("[^"]*"|\d+)/g, '');

test('the bytes of a stream are unchanged, but arrive in far more chunks', async () => {
  const whole = await firstStream();
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'split-chunks', mostBytes: 20 });
  const split = await askStream(lab);
  expect(split.error).toBeUndefined();
  expect(withoutIds(split.text)).toBe(withoutIds(whole.text));
  expect(split.pieces).toBeGreaterThan(whole.pieces * 3);
  expect(await lab.receipts()).toMatchObject([{ faults: ['f1:split-chunks'], outcome: 'answered' }]);
});

test('the same seed splits at the same points, and another seed at others', async () => {
  const sizes = async (seed: string) => {
    await using lab = await startFakeLab();
    await lab.inject('groq', { kind: 'split-chunks', seed, mostBytes: 9, next: 1 });
    using client = await RawClient.complete(lab, { stream: true });
    client.socket.write('');
    while (!client.received.endsWith('\r\n0\r\n\r\n')) await new Promise((resolve) => setImmediate(resolve));
    return [...client.received.matchAll(/\r\n([0-9a-f])\r\n/g)].map(([, size]) => size).slice(0, 200);
  };
  const first = await sizes('one');
  expect(first.length).toBeGreaterThan(50);
  expect(await sizes('one')).toEqual(first);
  expect(await sizes('two')).not.toEqual(first);
});

test('UTF-8 sequences are split as well', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'split-chunks', mostBytes: 1, route: 'POST /openai/v1/chat/completions' });
  const { status, text } = await lab.complete({
    body: { model: 'openai/gpt-oss-20b', messages: [{ role: 'user', content: '→' }], ключ: 1 },
  });
  expect(status).toBe(400);
  expect(JSON.parse(text).error.message).toContain('ключ');
});

test('at borders, it splits at each line end and inside each UTF-8 sequence, and nowhere else', async () => {
  const create = splitChunks.create({ mostBytes: 5, seed: '', at: 'borders' });
  const sent = new Response('data: né→\r\n\r\ndata: x\n\n');
  const response = create.deliver?.({} as never, sent) ?? sent;
  const pieces = (await Array.fromAsync(response.body ?? [])).map((piece) => Buffer.from(piece).toString('latin1'));
  const [e, arrow] = ['é', '→'].map((text) => [...Buffer.from(text).toString('latin1')]) as [string[], string[]];
  expect(pieces).toEqual([
    `data: n${e[0]}`,
    `${e[1]}${arrow[0]}`,
    arrow[1],
    arrow[2],
    '\r',
    '\n',
    '\r',
    '\n',
    'data: x',
    '\n',
    '\n',
  ]);
});

test.each([
  ['crlf', 'data: né\r\n\r\ndata: x\r\n\r\ndata: y\r\n'],
  ['cr', 'data: né\r\rdata: x\r\rdata: y\r'],
] as const)(
  'lines of an event stream end with %s, also if they end with CRLF and a chunk ends between the two',
  async (lineEnds, expected) => {
    const create = splitChunks.create({ mostBytes: 5, seed: '', at: 'nowhere', lineEnds });
    const chunks = ['data: né\n\ndata: x\r', '\n\r\ndata: y\n'].map((chunk) => new TextEncoder().encode(chunk));
    const body = ReadableStream.from(chunks) as ReadableStream<Uint8Array>;
    const sent = new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    expect(await create.deliver?.({} as never, sent).text()).toBe(expected);
  },
);

test('other bodies keep their line ends', async () => {
  const create = splitChunks.create({ mostBytes: 5, seed: '', at: 'nowhere', lineEnds: 'cr' });
  expect(await create.deliver?.({} as never, new Response('a\nb\n')).text()).toBe('a\nb\n');
});
