import type { z } from 'zod';
import { mem0Error } from './errors.ts';

/** A request's body, validated; or Mem0's 400 for one that is not JSON or breaks the rules. */
export async function readBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): Promise<{ body: z.output<Schema> } | { refusal: Response }> {
  const json = await request.json().catch(() => undefined);
  if (json === undefined) return { refusal: mem0Error(400, 'JSON parse error') };
  const result = schema.safeParse(json);
  if (result.success) return { body: result.data };
  const complaints = result.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  return { refusal: mem0Error(400, complaints.join('; ')) };
}
