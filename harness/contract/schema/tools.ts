import { z } from 'zod';
import { isPattern } from './is-pattern.ts';

/** Says that requests to the same path are one effect. */
export const KEY_IN_PATH = 'path';

/** What it means that a tool acts: a request to an upstream, or a row in a table. */
const tool = z
  .strictObject({
    upstream: z.string().optional().describe('the HTTP upstream that the tool calls. Either this or `table`'),
    effect: z
      .string()
      .regex(/^[A-Z]+ \/\S*$/, 'must be a method and a path, such as POST /orders')
      .optional()
      .describe(
        'the request to `upstream` with which the tool acts, such as `POST /orders`: the method, and the path as the ' +
          'upstream sees it, without the query; `*` stands for a segment',
      ),
    key: z
      .string()
      .min(1)
      .optional()
      .describe(
        'the header with the idempotency key of that request, such as `idempotency-key`: requests with the same key are ' +
          'one effect. `path`: requests to the same path are one effect. Default: each request is an effect',
      ),
    table: z
      .string()
      .optional()
      .describe('a table of the database in which each call stores exactly one row. Either this or `upstream`'),
    arguments: z
      .record(z.string(), z.json())
      .describe(
        'the arguments with which the model calls the tool. They contain ${unique}, in one or several texts, and each ' +
          'effect must have it too: in the path or body of the request, or in the row',
      ),
    atLeastOnce: z
      .boolean()
      .default(false)
      .describe('whether a call may act more than once if its reply is lost, or comes too late; default: once'),
    outOfOrder: z
      .enum(['once', 'refused'])
      .default('once')
      .describe(
        'whether a call may act once if pieces of its arguments come before its beginning in a stream. All of it has ' +
          'arrived, and some official clients put it together; `refused`: it has no effect',
      ),
    failed: z
      .string()
      .min(1)
      .refine(isPattern, 'must be a regular expression')
      .optional()
      .describe(
        'a regular expression that all results match with which the model is told that a call has failed, such as ' +
          '`^Error`; default: the usual words, such as error, failed and invalid',
      ),
  })
  .describe('how to see that a tool has acted');

/** The tools of a service, by the names that models know. */
export const tools = z
  .record(z.string().regex(/^[\w.-]{1,64}$/, 'must be the name of a tool, as the model knows it'), tool)
  .describe(
    'the tools that models can call, by the names that the service gives them, each with its effect. A broken call has ' +
      'no effect, and a good one has its effect once: `chaos/tools` judges this',
  );

/** The tools that an endpoint lets a model call. */
export const endpointTools = z
  .array(z.string())
  .min(1)
  .optional()
  .describe(
    'the tools (`tools`) that the endpoint offers to a model. The model is the first upstream in `reaches` that is a ' +
      'fake of an LLM, whose calls proofload makes up; default: none',
  );

export const endpointRounds = z
  .int()
  .min(1)
  .max(100)
  .optional()
  .describe(
    'how many requests to the model a call of the endpoint makes at most, even if each answer calls another tool; ' +
      'default: not judged',
  );

export type Tool = z.output<typeof tool>;
