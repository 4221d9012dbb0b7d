import { expect, test } from 'vitest';
import { CHANNEL_POSITIONS, marksIn } from '../../../faults/marks/marks.ts';
import { textsIn } from '../../../faults/marks/texts-in.ts';
import type { RequestReceipt } from '../../../faults/receipts/receipt.ts';
import { askStream } from '../../mocks/ask-stream.ts';
import { startFakeLab, until } from '../../mocks/fake-lab.ts';
import { RawClient } from '../../mocks/raw-client.ts';

test('flood makes a stream longer, and each of its events remains valid', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'flood', megabytes: 2 });
  const { data, text } = await askStream(lab);
  expect(text.length).toBeGreaterThan(2_000_000);
  expect(text.length).toBeLessThan(2_100_000);
  expect(data.at(-1)).toBe('[DONE]');
  const contents = data.slice(0, -1).map((event) => JSON.parse(event).choices[0]?.delta.content ?? '');
  expect(contents.filter((content) => content.length >= 16_384).length).toBeGreaterThan(100);
});

test('flood leaves other responses unchanged', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'flood', megabytes: 2 });
  expect((await lab.complete()).text.length).toBeLessThan(10_000);
});

test('flood waits for a client that does not read, until it is healed', async () => {
  await using lab = await startFakeLab();
  await lab.inject('groq', { kind: 'flood', megabytes: 500 });
  using client = await RawClient.complete(lab, { stream: true });
  await until(() => client.received.length > 100_000);
  client.socket.pause();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await lab.control('GET', '/receipts/count')).body.open).toBe(1);
  await lab.control('DELETE', '/faults');
  client.socket.resume();
  await until(() => client.received.includes('[DONE]'));
  expect(client.received.length).toBeLessThan(100_000_000);
});

test.each([
  ['/openai/v1/chat/completions', { messages: [{ role: 'user', content: 'Good morning' }] }],
  ['/openai/v1/responses', { input: 'Good morning' }],
])(
  'with words, the text of a stream of %s is long, has mark words in order, and its receipt says how many',
  async (path, body) => {
    await using lab = await startFakeLab();
    await lab.inject('groq', { kind: 'flood', megabytes: 1, words: true });
    const { text } = await lab.ask('groq', 'POST', path, { ...body, model: 'openai/gpt-oss-20b', stream: true });
    const [{ seq = 0, answer = { words: [] } } = {}] = (await lab.receipts()) as RequestReceipt[];
    const [words = 0] = answer.words;
    const texts = [...textsIn(text, 'text/event-stream').byPath.values()]
      .map(marksIn)
      .filter(({ length }) => length > 0);
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(words).toBeGreaterThan(200);
    expect(texts.length).toBeGreaterThan(0);
    const expected = Array.from({ length: words }, (_, index) => ({
      answer: seq,
      position: index % CHANNEL_POSITIONS,
    }));
    for (const marks of texts) expect(marks).toMatchObject(expected);
  },
);
