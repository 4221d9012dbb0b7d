import { fakesInProcess } from '../../../mocks/in-process.ts';

/** Streams whose events have names, each with its last event. */
export const NAMED_STREAMS = [
  {
    upstream: 'anthropic',
    url: 'https://api.anthropic.com/v1/messages',
    body: { model: 'claude-sonnet-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }], stream: true },
    last: 'message_stop',
  },
  {
    upstream: 'openai',
    url: 'https://api.openai.com/v1/responses',
    body: { model: 'gpt-5.6-luna', input: 'Hello', stream: true },
    last: 'response.completed',
  },
] as const;

/** Reads such a stream while a fault is active. Returns the names of its events, and its last data. */
export async function readNamed(
  { upstream, url, body }: (typeof NAMED_STREAMS)[number],
  fault?: Record<string, unknown>,
) {
  using fakes = fakesInProcess();
  if (fault) fakes.inject(upstream, fault);
  const headers = { authorization: 'Bearer key', 'anthropic-version': '2023-06-01' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  return { names, data: JSON.parse(text.slice(text.lastIndexOf('data: ') + 6)) };
}
