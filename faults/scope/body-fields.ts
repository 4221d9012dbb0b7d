import { z } from 'zod';

const path = z.string().min(1);

/** The scope field that selects requests by a value in their JSON body. */
export const bodyFields = z
  .union([z.strictObject({ path, equals: z.json() }), z.strictObject({ path, contains: z.string().min(1) })])
  .optional()
  .describe(
    '{"path": "messages.0.content", "equals": any JSON} or {"path": …, "contains": a text}; * stands for any name or index',
  );
