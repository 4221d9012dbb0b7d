import { expect, test } from 'vitest';
import { isDone, isEventStream, withEvents } from '../../../../faults/kinds/lib/server-sent-events.ts';

const stream = (chunks: Uint8Array[] | string[], type = 'text/event-stream') => {
  const bytes = chunks.map((chunk) => (typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk));
  return new Response(ReadableStream.from(bytes), { headers: { 'content-type': type } });
};

/** Returns the events that a fault sees for a body in these chunks, and the resulting text. */
async function seen(chunks: Uint8Array[] | string[]): Promise<string[]> {
  const events: string[] = [];
  const response = withEvents(stream(chunks), async function* (all) {
    for await (const event of all) {
      events.push(event);
      yield event;
    }
  });
  const whole = await stream(chunks).text();
  expect(await response.text()).toBe(whole);
  return events;
}

test.each<[string, string[], string[]]>([
  ['one to a chunk', ['data: 1\n\n', 'data: 2\n\n'], ['data: 1\n\n', 'data: 2\n\n']],
  ['several in one chunk', ['data: 1\n\ndata: 2\n\ndata: 3'], ['data: 1\n\n', 'data: 2\n\n', 'data: 3']],
  ['split within an event', ['da', 'ta: 1\n\nda', 'ta: 2\n\n'], ['data: 1\n\n', 'data: 2\n\n']],
  ['split within a blank line', ['data: 1\n', '\ndata: 2\n\n'], ['data: 1\n\n', 'data: 2\n\n']],
  ['lines that end in CR LF', ['data: 1\r\n\r\ndata: 2\r\n\r\n'], ['data: 1\r\n\r\n', 'data: 2\r\n\r\n']],
  ['ends of lines of both kinds', ['data: 1\n\r\ndata: 2\r\n\n'], ['data: 1\n\r\n', 'data: 2\r\n\n']],
  ['no blank line at the end', ['data: 1\n\n', 'data: 2\n'], ['data: 1\n\n', 'data: 2\n']],
  ['nothing', [], []],
])('splits a stream into events: %s', async (_, chunks, events) => {
  expect(await seen(chunks)).toEqual(events);
});

test.each(['\n\n', '\r\n\r\n', '\n\r\n', '\r\n\n'])(
  'an event that ends in %j is there before the next chunk is',
  async (end) => {
    let saw = () => {};
    const chunks = (async function* () {
      for (const number of [1, 2]) {
        const taken = new Promise<void>((resolve) => {
          saw = resolve;
        });
        yield new TextEncoder().encode(`data: ${number}${end}`);
        await taken;
      }
    })();
    const response = new Response(ReadableStream.from(chunks), { headers: { 'content-type': 'text/event-stream' } });
    const changed = withEvents(response, async function* (events) {
      for await (const event of events) {
        saw();
        yield event;
      }
    });
    expect(await changed.text()).toBe(`data: 1${end}data: 2${end}`);
  },
);

test('a multi-byte character may arrive in several chunks', async () => {
  const [first, ...rest] = [...new TextEncoder().encode('→')];
  const text = new TextEncoder();
  expect(await seen([Uint8Array.of(...text.encode('data: '), first ?? 0), Uint8Array.of(...rest, 10, 10)])).toEqual([
    'data: →\n\n',
  ]);
});

test.each([
  ['text/event-stream', true],
  ['Text/Event-Stream; charset=utf-8', true],
  ['text/event-streams', false],
  ['application/text/event-stream', false],
  ['application/json', false],
])('%s is an event stream: %s', (type, expected) => {
  expect(isEventStream(stream([], type))).toBe(expected);
});

test('responses without an event stream or a body are not changed', () => {
  const never = () => {
    throw new Error('there are no events here');
  };
  const json = stream(['{}'], 'application/json');
  const empty = new Response(null, { headers: { 'content-type': 'text/event-stream' } });
  expect(withEvents(json, never)).toBe(json);
  expect(withEvents(empty, never)).toBe(empty);
  expect(isEventStream(new Response())).toBe(false);
});

test.each([
  ['data: [DONE]\n\n', true],
  ['data:[DONE]\n\n', true],
  ['id: 7\ndata: [DONE]\n\n', true],
  ['data: "data: [DONE]"\n\n', false],
  ['data: {}\n\n', false],
])('%j ends the stream: %s', (event, expected) => {
  expect(isDone(event)).toBe(expected);
});
