import { z } from 'zod';
import { answers } from './answers.ts';
import { cancels } from './cancels.ts';
import { fallback } from './fallback.ts';
import { finishesLater } from './finishes-later.ts';
import { checkAnswers, meaning, refused, served, withMeanings } from './meanings.ts';
import { onFault } from './on-fault.ts';
import { stream } from './stream.ts';
import { endpointRounds, endpointTools } from './tools.ts';

/** The placeholders that a request can contain. */
const REQUEST_PLACEHOLDERS =
  '${unique} (a new text for each request), ${client} (a text for each client), ${user} and ${password} (of the ' +
  'caller), ${upstream.NAME} (its address), ${env.NAME}; $${ is the text ${';

const texts = z.record(z.string(), z.string());

const file = z
  .strictObject({
    field: z.string().default('file').describe('the name of the form field'),
    name: z.string().describe('the file name that is sent'),
    type: z.string().default('application/octet-stream').describe('the media type'),
    content: z.string().optional().describe('the content as a text, with placeholders. Either this or path'),
    path: z
      .string()
      .optional()
      .describe('a file with the content, relative to the contract; all files of a contract have at most 48 KiB'),
    fields: texts.default({}).describe('further fields of the form'),
  })
  .describe('body: an upload (multipart/form-data)');

/** The fields for a request body. At most one of them is allowed (see contract/rules/requests.ts). */
const bodies = {
  body: z.json().optional().describe('body: JSON'),
  form: texts.optional().describe('body: fields of a form (application/x-www-form-urlencoded)'),
  text: z.string().optional().describe('body: a text; headers may name its Content-Type'),
  file: file.optional(),
};

/** The names of the fields for a request body. */
export const BODIES = Object.keys(bodies) as (keyof typeof bodies)[];

const described = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).describe('the method of the request'),
  path: z.string().startsWith('/').describe(`with placeholders: ${REQUEST_PLACEHOLDERS}`),
  headers: texts.default({}).describe('headers of each request'),
  query: texts.default({}).describe('parameters of the query, which are percent-encoded'),
  ...bodies,
  user: z
    .string()
    .optional()
    .describe('the user who sends the request; ${unique} is the same text in all parts of one request'),
  authenticated: z
    .boolean()
    .optional()
    .describe(
      'whether requests carry credentials, and are refused without them; default: whether the endpoint has a user',
    ),
  onlyOwn: z
    .boolean()
    .default(false)
    .describe(
      'whether it refuses the credentials of a user other than the one that the request names by ${user} or, if it ' +
        'reads a row by the key of the ledger, than the one who stored it; false: not judged',
    ),
  served,
  refused,
  reaches: z
    .array(z.string())
    .default([])
    .describe(
      'the upstreams that a request calls, in order, each exactly once; of a `fallback`, only the first. ' +
        '`database`: a query',
    ),
  servedWithout: z
    .array(z.string())
    .default([])
    .describe(
      'upstreams of `reaches` that are optional: while they fail or their breaker is open, the request is ' +
        'served without them, such as in a reduced form. A `fallback` implies this for all of its upstreams but ' +
        'the last',
    ),
  relays: z
    .array(z.string())
    .default([])
    .describe(
      'the HTTP upstreams whose answers it passes on as they are, as a transparent proxy does: the caller gets the ' +
        'same status and body, also of an answer with an error or a broken body, unless `onFault` promises another ' +
        'answer. An answer that breaks off must not look complete; default: a broken answer is a failure',
    ),
  onFault,
  cancels,
  fallback,
  finishesLater,
  storesNothing: z
    .array(z.int().min(400).max(599))
    .min(1)
    .optional()
    .describe(
      'statuses of failed calls that leave no row in the table of the `ledger`, such as [502, 504]. Judged while ' +
        'upstreams fail, by the key of the ledger; default: not judged',
    ),
  stream,
  answers,
  tools: endpointTools,
  rounds: endpointRounds,
});

/**
 * A service endpoint, and how a scenario calls it. All texts in a request may contain placeholders. `served` and
 * `refused` become the statuses that count as served, and the meanings of answers.
 */
export const endpoint = described
  .superRefine((written, context) =>
    checkAnswers(written, (problem) => context.addIssue({ code: 'custom', ...problem })),
  )
  .transform(withMeanings);

const { method, path, user, authenticated, onlyOwn, reaches, servedWithout, relays, storesNothing } = described.shape;

/**
 * The part of an endpoint that is judged. The other parts of a request are omitted because they may contain secrets.
 */
export const judgedEndpoint = z.object({
  method,
  path,
  user,
  authenticated,
  onlyOwn,
  served: z.array(z.int()),
  meanings: z.array(meaning).optional(),
  reaches,
  servedWithout,
  relays,
  onFault,
  cancels,
  fallback,
  finishesLater,
  storesNothing,
  stream,
  answers,
  tools: endpointTools,
  rounds: endpointRounds,
});
