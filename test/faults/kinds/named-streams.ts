import { request } from 'undici';
import { startFakeLab } from '../../mocks/fake-lab.ts';

/** Streams whose events have names, each with its last event. */
export const NAMED_STREAMS = [
  {
    upstream: 'anthropic',
    path: '/v1/messages',
    body: { model: 'claude-sonnet-5-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }], stream: true },
    last: 'message_stop',
  },
  {
    upstream: 'openai',
    path: '/v1/responses',
    body: { model: 'gpt-5.6-luna', input: 'Hello', stream: true },
    last: 'response.completed',
  },
] as const;

/** Reads such a stream while a fault is active. Returns the names of its events, and its last data. */
export async function readNamed(
  { upstream, path, body }: (typeof NAMED_STREAMS)[number],
  fault?: Record<string, unknown>,
) {
  await using lab = await startFakeLab();
  if (fault) await lab.inject(upstream, fault);
  const response = await request(lab.fakes.upstreams[upstream] + path, {
    method: 'POST',
    headers: { 'x-api-key': 'key', authorization: 'Bearer key', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(body),
    dispatcher: lab.agent,
  });
  const text = await response.body.text();
  const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
  return { names, data: JSON.parse(text.slice(text.lastIndexOf('data: ') + 6)) };
}
