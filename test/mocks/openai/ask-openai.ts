import { getResponse } from 'msw';
import type { DialectUpstream } from '../../../mocks/openai/create-fake.ts';
import { createOpenAi } from '../../../mocks/openai/openai.ts';

/** The default model in tests. */
export const MODEL = 'gpt-5.6-luna';

/** Creates an OpenAI fake with a stopped clock (in milliseconds since the epoch). */
export function openAiAtRest(settings: Omit<Parameters<typeof createOpenAi>[0], 'seed' | 'now'> = {}) {
  const clock = { now: 1_700_000_000_000 };
  return { clock, openai: createOpenAi({ seed: 'test', now: () => clock.now, ...settings }) };
}

/** Sends a request to a fake in this process, without a server. */
export async function ask(
  openai: DialectUpstream,
  method: string,
  path: string,
  { body, key = 'sk-test' }: { body?: unknown; key?: string | null } = {},
) {
  const request = new Request(`https://api.openai.com${path}`, {
    method,
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return (await getResponse(openai.handlers, request)) ?? openai.unknownPath(method, path);
}

/** Sends a POST request and reads the whole response. */
export async function post(openai: DialectUpstream, path: string, body: unknown, key?: string) {
  const response = await ask(openai, 'POST', path, { body, ...(key === undefined ? {} : { key }) });
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

/** Requests a chat completion. */
export const complete = (openai: DialectUpstream, more: object = {}, key?: string) =>
  post(openai, '/v1/chat/completions', { model: MODEL, messages: [{ role: 'user', content: 'Hello' }], ...more }, key);

/** Requests a response. */
export const respond = (openai: DialectUpstream, more: object = {}) =>
  post(openai, '/v1/responses', { model: MODEL, input: 'Hello', ...more });

/** Requests a stream. Returns the names and data of its events, parsed except for `[DONE]`. */
export async function stream(openai: DialectUpstream, path: string, body: object) {
  const response = await ask(openai, 'POST', path, { body: { model: MODEL, stream: true, ...body } });
  const text = await response.text();
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => {
      const [, name, data = ''] = /^(?:event: (.*)\n)?data: (.*)$/.exec(event) ?? [];
      return { name, data: data === '[DONE]' ? data : JSON.parse(data) };
    });
}
