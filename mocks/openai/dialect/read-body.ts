import type { z } from 'zod';
import type { UpstreamRequest } from '../../../faults/upstream/upstream-request.ts';
import { type Contradiction, parseBody } from '../../llm/parse-body.ts';
import type { DialectErrors } from './dialect.ts';

/** Reads and validates a request body. Returns the provider's error response if it is invalid. */
export async function readBody<Schema extends z.ZodType>(
  errors: DialectErrors,
  request: UpstreamRequest,
  schema: Schema,
  contradictionOf?: (parsed: z.output<Schema>) => Contradiction | undefined,
): Promise<{ readonly parsed: z.output<Schema> } | Response> {
  const body = await request.json().catch(() => undefined);
  if (body === undefined) return errors.invalidJson();
  const result = parseBody(schema, body, contradictionOf);
  return 'problem' in result ? errors.invalidBody(result.problem) : result;
}
