import { getResponse } from 'msw';
import { type AnthropicUpstream, createAnthropic } from '../../../mocks/anthropic/anthropic.ts';

/** The default model of the tests. */
export const MODEL = 'claude-sonnet-5-5';

/** The headers of a valid request. */
export const HEADERS = { 'x-api-key': 'sk-ant-test', 'anthropic-version': '2026-10-21' };

/** Creates an Anthropic fake with a stopped clock (in milliseconds since the epoch). */
export function anthropicAtRest(settings: Omit<Parameters<typeof createAnthropic>[0], 'seed' | 'now'> = {}) {
  const clock = { now: 1_700_000_000_000 };
  return { clock, anthropic: createAnthropic({ seed: 'test', now: () => clock.now, ...settings }) };
}

/** Sends a request to a fake in this process, without a server. */
export async function ask(
  anthropic: AnthropicUpstream,
  method: string,
  path: string,
  { body, headers = HEADERS }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const request = new Request(`https://api.anthropic.com${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return (await getResponse(anthropic.handlers, request)) ?? anthropic.unknownPath(method, path);
}

const HELLO = { model: MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };

/** Requests a message and reads the whole response. */
export async function send(anthropic: AnthropicUpstream, more: object = {}, headers?: Record<string, string>) {
  const body = { ...HELLO, ...more };
  const response = await ask(anthropic, 'POST', '/v1/messages', { body, ...(headers ? { headers } : {}) });
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

/** Requests a streamed message. Returns the names and the data of its events. */
export async function stream(anthropic: AnthropicUpstream, more: object = {}) {
  const response = await ask(anthropic, 'POST', '/v1/messages', { body: { ...HELLO, stream: true, ...more } });
  const text = await response.text();
  return text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => {
      const [, name, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
      return { name, data: JSON.parse(data) };
    });
}
