import type { Load } from './load-client.ts';

/** The URLs that the fakes' process prints when it is ready. */
export interface FakesReady {
  readonly control: string;
  readonly token: string;
  readonly upstreams: { readonly groq: string; readonly mem0: string };
  readonly ca: string;
}

/** The fakes' entry point, relative to the folder of `ProbedProcess`. */
export const FAKES = '../../mocks/main.ts';

const COMPLETIONS = '/openai/v1/chat/completions';

/** A non-streaming completion, as a service requests it. */
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
