import type { z } from 'zod';
import type { UpstreamRequest } from '../../faults/upstream/upstream-request.ts';
import { badRequest } from './errors.ts';

/**
 * Returns a request's JSON body.
 *
 * @throws Mem0Refusal 400 if it is not JSON
 */
export async function readJson(request: UpstreamRequest): Promise<unknown> {
  const json = await request.json().catch(() => undefined);
  if (json === undefined) throw badRequest('JSON parse error');
  return json;
}

/**
 * Validates part of a request.
 *
 * @throws Mem0Refusal 400 with all problems
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const complaints = result.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw badRequest(complaints.join('; '));
}
