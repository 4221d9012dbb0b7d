import { getResponse } from 'msw';
import { createGroq, type GroqUpstream } from '../../../mocks/groq/groq.ts';

/** The default model in tests. */
export const MODEL = 'openai/gpt-oss-20b';

/** The default request for a completion, which is 16 tokens long. */
export const HELLO = { model: MODEL, messages: [{ role: 'user', content: 'Hello' }] };

/** Creates a Groq fake with a stopped clock (in milliseconds since the epoch). */
export function groqAtRest(settings: Omit<Parameters<typeof createGroq>[0], 'seed' | 'now'> = {}) {
  const clock = { now: 1_700_000_000_000 };
  return { clock, groq: createGroq({ seed: 'test', now: () => clock.now, ...settings }) };
}

/** Sends a request to a fake in this process, without a server. */
export async function ask(
  groq: GroqUpstream,
  method: string,
  path: string,
  { body, key = 'gsk_test' }: { body?: unknown; key?: string } = {},
) {
  const request = new Request(`https://api.groq.com${path}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await getResponse(groq.handlers, request);
  return response ?? groq.unknownPath(method, path);
}

/** Requests a completion and reads the whole response. */
export async function complete(groq: GroqUpstream, more: object = {}, key?: string) {
  const response = await ask(groq, 'POST', '/openai/v1/chat/completions', {
    body: { ...HELLO, ...more },
    ...(key === undefined ? {} : { key }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

/** Requests a streamed completion. Returns the data of its events, all parsed except for the last one. */
export async function stream(groq: GroqUpstream, more: object = {}) {
  const response = await ask(groq, 'POST', '/openai/v1/chat/completions', {
    body: { ...HELLO, stream: true, ...more },
  });
  const events = (await response.text()).split('\n\n');
  // Each event ends with an empty line, so the last element is empty.
  const data = events.slice(0, -1).map((event) => event.replace(/^data: /, ''));
  return {
    headers: response.headers,
    last: data.at(-1),
    rest: events.at(-1),
    chunks: data.slice(0, -1).map((item) => JSON.parse(item)),
  };
}
