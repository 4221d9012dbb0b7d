import { z } from 'zod';
import { conditionFields, isClear, UNCLEAR } from './meanings.ts';

const { has, without, header, equals } = conditionFields;

const part = z
  .strictObject({
    type: z
      .string()
      .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type without parameters, such as application/json')
      .optional()
      .describe('the media type in its Content-Type, without parameters, such as application/json'),
    has,
    without,
    header,
    equals,
  })
  .refine(isClear, UNCLEAR)
  .refine((said) => Object.values(said).some((field) => field !== undefined), 'must say something, such as type');

/** What all refusals of a limit, a breaker or the pool have in common besides their status. */
export const refusalAnswer = z
  .union([part, z.array(part).min(1)], 'must be a condition such as { type, has, equals }, or a list of them')
  .optional()
  .describe(
    'the type and the body of each refusal: a condition, or a list of conditions that all hold, such as ' +
      '{ type: application/json, has: error.code, equals: rate_limited }; default: not judged',
  );

/** The conditions on refusals. */
export type RefusalAnswer = z.output<typeof refusalAnswer>;
