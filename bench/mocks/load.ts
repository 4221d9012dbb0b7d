import type { Load } from './load-client.ts';

/** The URLs printed by the fakes' process when it is ready. */
export interface FakesReady {
  readonly control: string;
  readonly token: string;
  readonly upstreams: Readonly<Record<'groq' | 'mem0' | 'openai' | 'anthropic', string>>;
  readonly ca: string;
}

/** The fakes' entry point, relative to the folder of `ProbedProcess`. */
export const FAKES = '../../mocks/main.ts';

const HEADERS = { 'content-type': 'application/json' };
const [system, content] = ['Summarize the conversation.', 'I would like to walk more in the mornings.'];
const chat = (model: string) => ({
  model,
  messages: [
    { role: 'system', content: system },
    { role: 'user', content },
  ],
});

/** Non-streaming completion requests as a service sends them, by API. */
const COMPLETIONS = {
  groq: { path: '/openai/v1/chat/completions', body: chat('openai/gpt-oss-20b'), headers: HEADERS },
  openai: { path: '/v1/chat/completions', body: chat('gpt-5.6-luna'), headers: HEADERS },
  'openai responses': {
    path: '/v1/responses',
    body: { model: 'gpt-5.6-luna', instructions: system, input: content },
    headers: HEADERS,
  },
  anthropic: {
    path: '/v1/messages',
    body: { model: 'claude-sonnet-5-5', max_tokens: 200, system, messages: [{ role: 'user', content }] },
    headers: { ...HEADERS, 'anthropic-version': '2026-10-21' },
  },
};

/** An API that generates text. */
export type CompletionApi = keyof typeof COMPLETIONS;

/** All APIs that generate text, and the upstreams that provide them. */
export const COMPLETION_APIS: readonly {
  readonly api: CompletionApi;
  readonly upstream: keyof FakesReady['upstreams'];
}[] = [
  { api: 'groq', upstream: 'groq' },
  { api: 'openai', upstream: 'openai' },
  { api: 'openai responses', upstream: 'openai' },
  { api: 'anthropic', upstream: 'anthropic' },
];

/** Returns a completion request: its URL at the given origin, its headers and its body. */
export function completionLoad(
  origin: string,
  ca: string,
  api: CompletionApi = 'groq',
): Pick<Load, 'url' | 'ca' | 'headers' | 'body'> {
  const { path, headers, body } = COMPLETIONS[api];
  const key = { authorization: 'Bearer bench' };
  return { url: origin + path, ca, headers: { ...headers, ...key }, body: JSON.stringify(body) };
}
