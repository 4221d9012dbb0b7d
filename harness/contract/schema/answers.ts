import { z } from 'zod';
import { type fallback, fallbackOf } from './fallback.ts';

const upstream = z.string().min(1);

/** How an answer shows in a response, with what is judged. */
const SHOWN = {
  whole: 'the whole text of an answer, at one place of the response',
  field: 'one whole field of a structured answer, or one of several texts',
  part: 'some words of an answer, in their order',
  digest: 'a text made of answers to this and earlier calls of the same caller; only words of another caller are wrong',
  none: 'nothing; any word of an answer is wrong',
} as const;

const shown = z
  .enum(Object.keys(SHOWN) as (keyof typeof SHOWN)[])
  .optional()
  .describe(
    `how an answer shows in the response. ${Object.entries(SHOWN)
      .map(([name, is]) => `\`${name}\`: ${is}`)
      .join('; ')}. Default: as it shows while nothing is broken`,
  );

const cache = z
  .strictObject({
    perCaller: z
      .boolean()
      .default(true)
      .describe(
        'whether each caller gets only answers to its own calls; false: other callers may get them for the same request',
      ),
    seconds: z
      .number()
      .positive()
      .max(86_400)
      .describe(
        'seconds after which an answer is not used any more. Failures and answers that broke off are never kept. ' +
          '`chaos/answers` waits for the end if it is at most 3 s, so use a short time in the profile',
      ),
  })
  .optional()
  .describe(
    'the same request of the same caller may get an earlier answer again; default: each call gets its own answer',
  );

/** How lines of event streams may end, besides with LF, and what people call it. */
export const LINE_ENDS = { crlf: 'CRLF', cr: 'CR' } as const;
export type LineEnds = keyof typeof LINE_ENDS;

const lineEnds = z
  .array(z.enum(Object.keys(LINE_ENDS) as LineEnds[]))
  .min(1)
  .optional()
  .describe(
    'how lines of event streams of upstreams may end, besides with LF. Default: in several pieces, the endpoint must read ' +
      'those that it reads in one',
  );

/** What an endpoint's callers get of the answers of upstreams. */
export const answers = z
  .strictObject({
    from: z
      .union([upstream, z.array(upstream).min(1)], 'must be the name of an upstream, or a list of names')
      .optional()
      .describe(
        'the HTTP upstreams whose answers the caller gets. An endpoint that reads stored answers names those that ' +
          'they are from. Default: those of `reaches` and of `fallback`',
      ),
    as: shown,
    lineEnds,
    cache,
  })
  .refine((said) => Object.values(said).some((part) => part !== undefined), 'must have from, as, lineEnds or cache')
  .optional()
  .describe(
    'what the caller gets of the answers of upstreams: words in their order, of its own call, and all of those that it ' +
      'gets while nothing is broken',
  );

/** The part of an endpoint that says whose answers its callers get. */
interface Answering {
  readonly reaches: readonly string[];
  readonly fallback?: z.output<typeof fallback>;
  readonly answers?: z.output<typeof answers>;
}

/** Returns the upstreams whose answers an endpoint's callers may get, each once. They may be TCP servers by default. */
export function answeredBy({ reaches, fallback: promised, answers: said }: Answering): string[] {
  const named = said?.from === undefined ? undefined : [said.from].flat();
  return [...new Set(named ?? [...reaches, ...(fallbackOf(promised)?.order ?? [])])];
}
