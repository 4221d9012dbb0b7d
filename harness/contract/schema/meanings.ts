import { z } from 'zod';
import { isPattern } from './is-pattern.ts';

const path = z
  .string()
  .regex(/^[^.]+(\.[^.]+)*$/, 'must be names separated by dots, such as errors or errors.0.extensions.code')
  .describe('names separated by dots, such as errors.0.message; * stands for each element of a list');

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A value that differs from answer to answer. */
const pattern = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .refine(isPattern, 'must be a regular expression')
    .describe('a regular expression that a part of the value matches, such as `^Client .+ has no calls left$`'),
});

const wanted = z.union([scalar, pattern]);

/** A value that a condition allows: this one, or each that matches a pattern. */
export type Wanted = z.output<typeof wanted>;

/** The fields of a condition on an answer. */
export const conditionFields = {
  has: path
    .optional()
    .describe(
      'a field in the JSON of the body that has a value; null, false, an empty text and an empty list are none. ' +
        'In a stream of events or lines, one of them must have it. A body that is not JSON meets neither `has` ' +
        'nor `without`',
    ),
  without: path
    .optional()
    .describe(
      'a field that has no value in the JSON of the body, such as errors. In a stream, no event or line has it',
    ),
  header: z.string().min(1).optional().describe('a header of the response, instead of `has`, such as grpc-status'),
  equals: z
    .union([wanted, z.array(wanted).min(1)])
    .optional()
    .describe(
      'the value of the field `has`, or of the header; { pattern } for values that match a regular expression; or a ' +
        'list of such values',
    ),
};

const fields = {
  status: z.int().min(200).max(599).describe('the status of the response'),
  ...conditionFields,
};

/** Whether it is clear of what `equals` is the value. */
export const isClear = ({ has, header, equals }: z.output<z.ZodObject<typeof conditionFields>>): boolean =>
  equals === undefined || (has === undefined) !== (header === undefined);

export const UNCLEAR = { path: ['equals'], message: 'needs either `has` or `header`, whose value it is' };

const servedAnswer = z.strictObject(fields).refine(isClear, UNCLEAR);

const refusedAnswer = z
  .strictObject({
    ...fields,
    retryAfter: path
      .optional()
      .describe('a field in the JSON of the body with the seconds to wait, which counts as a Retry-After header'),
  })
  .refine(isClear, UNCLEAR);

const status = z.int();

export const served = z
  .union(
    [servedAnswer, z.array(z.union([status, servedAnswer])).min(1)],
    'must be a list of statuses such as [200], or a status with a condition such as { status: 200, without: errors }',
  )
  .describe(
    'statuses that mean that the request was served, such as [200]. If the status does not say it, a ' +
      'condition such as { status: 200, without: errors } does (GraphQL, JSON-RPC, MCP), or a list of both: ' +
      'other responses with this status are errors',
  );

export const refused = z
  .record(
    z.string().regex(/^[45]\d\d$/, 'must be a status from 400 to 599'),
    z.union([refusedAnswer, z.array(refusedAnswer).min(1)]),
  )
  .optional()
  .describe(
    'responses that stand for a status which they do not have, by this status: 429 for the refusal of a ' +
      'limit, the `refusal` of a breaker, of `requestsInProgress` or of the pool, or a status that `onFault` or ' +
      '`authentication` promises. These conditions are tried before those of `served`; default: each response ' +
      'stands for its own status',
  );

/** A condition on an answer, and the status that it stands for. */
export const meaning = z.object({
  ...fields,
  equals: z.array(wanted).optional(),
  means: z.int(),
  retryAfter: z.string().optional(),
});

/** A condition on an answer, and the status that it stands for. */
export type Meaning = z.output<typeof meaning>;

type Condition = Omit<Meaning, 'means' | 'equals'> & { equals?: z.output<typeof fields.equals> };

const meaningOf = (means: number, { equals, ...rest }: Condition): Meaning => ({
  ...rest,
  means,
  ...(equals !== undefined && { equals: [equals].flat() }),
});

/** An endpoint's answers as a contract describes them. */
interface Described {
  readonly served: z.output<typeof served>;
  readonly refused?: z.output<typeof refused>;
}

/**
 * Returns an endpoint with the statuses that mean that it was served and, if it has any, the conditions on its answers.
 * The order is that in which they are tried: refusals first.
 */
export function withMeanings<Endpoint extends Described>({ served: described, refused: refusals, ...rest }: Endpoint) {
  const [all, named] = [[described].flat(), Object.entries(refusals ?? {})];
  const statuses = all.map((answer) => (typeof answer === 'number' ? answer : answer.status));
  const meanings = [
    ...named.flatMap(([means, answers]) => [answers].flat().map((answer) => meaningOf(Number(means), answer))),
    ...all.flatMap((answer) =>
      typeof answer !== 'number' && isConditional(answer) ? [meaningOf(answer.status, answer)] : [],
    ),
  ];
  return { ...rest, served: [...new Set(statuses)], ...(meanings.length > 0 && { meanings }) };
}

const isConditional = ({ has, without, header }: Condition): boolean =>
  has !== undefined || without !== undefined || header !== undefined;

/** Finds conditions that contradict each other, or that decide nothing. */
export function checkAnswers(
  { served: described, refused: refusals = {} }: Described,
  add: (problem: Problem) => void,
) {
  const all = [described].flat();
  const always = all.flatMap((answer) =>
    typeof answer === 'number' ? [answer] : isConditional(answer) ? [] : [answer.status],
  );
  for (const answer of all) {
    if (typeof answer !== 'number' && isConditional(answer) && always.includes(answer.status)) {
      add({ path: ['served'], message: `${answer.status} is served with and without a condition; remove one of them` });
    }
  }
  for (const [means, answers] of Object.entries(refusals)) {
    const path = ['refused', means];
    for (const answer of [answers].flat()) {
      const { status: own } = answer;
      if (always.includes(Number(means))) add({ path, message: `${means} is also in \`served\`; remove one of them` });
      else if (always.includes(own)) {
        const example = answer.has ?? 'errors';
        const message = `\`served\` has ${own} without a condition, so that other errors count as served; write served: { status: ${own}, without: ${example.split('.')[0]} }`;
        add({ path, message });
      } else if (!isConditional(answer) && all.some((other) => typeof other !== 'number' && other.status === own)) {
        add({ path, message: `needs a condition (has, without or header), because ${own} can also be served` });
      }
    }
  }
}

interface Problem {
  readonly path: string[];
  readonly message: string;
}
