import type { Load } from './load-client.ts';

/** The URLs of the fakes' process, from its ready line. */
export interface FakesReady {
  readonly control: string;
  readonly token: string;
  readonly upstreams: { readonly groq: string; readonly mem0: string };
  readonly ca: string;
}

/** The entry point of the fakes, relative to the folder of `ProbedProcess`. */
export const FAKES = '../../mocks/main.ts';

const COMPLETIONS = '/openai/v1/chat/completions';

/** A completion without streaming, as a service requests it. */
export const completionLoad = (url: string, ca: string): Pick<Load, 'url' | 'ca' | 'headers' | 'body'> => ({
  url: url + COMPLETIONS,
  ca,
  headers: { authorization: 'Bearer gsk_bench', 'content-type': 'application/json' },
  body: JSON.stringify({
    model: 'openai/gpt-oss-20b',
    messages: [
      { role: 'system', content: 'Summarize the conversation.' },
      { role: 'user', content: 'I would like to walk more in the mornings.' },
    ],
  }),
});
