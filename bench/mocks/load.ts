import type { Load } from './load-client.ts';

/** Where the fakes' process is reached, as its ready line tells. */
export interface FakesReady {
  readonly control: string;
  readonly token: string;
  readonly upstreams: { readonly groq: string; readonly mem0: string };
  readonly ca: string;
}

/** The fakes as they are run, seen from the folder of `ProbedProcess`. */
export const FAKES = '../../mocks/main.ts';

const COMPLETIONS = '/openai/v1/chat/completions';

/** A plain completion, as a service asks for it. */
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
