import type { z } from 'zod';

/** The first problem in a request body. `input` is the value at `path`. */
export type Problem = z.core.$ZodIssue | Contradiction;

/** A problem with a request whose fields are valid but contradict each other. */
export interface Contradiction {
  readonly code: 'contradiction';
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

export const contradiction = (path: readonly PropertyKey[], message: string): Contradiction => ({
  code: 'contradiction',
  path,
  message,
});

/** Parses a request body and checks for contradictions if its fields are valid. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  contradictionOf: (parsed: z.output<Schema>) => Contradiction | undefined = () => undefined,
): { readonly parsed: z.output<Schema> } | { readonly problem: Problem } {
  const { success, data, error } = schema.safeParse(body, { reportInput: true });
  if (!success) return { problem: error.issues[0] as z.core.$ZodIssue };
  const problem = contradictionOf(data);
  return problem ? { problem } : { parsed: data };
}

/** Returns the schema for fields that a provider supports but its fake ignores. */
export function ignoredFields<Name extends string>(names: readonly Name[], anything: z.ZodOptional<z.ZodUnknown>) {
  return Object.fromEntries(names.map((name) => [name, anything])) as Record<Name, z.ZodOptional<z.ZodUnknown>>;
}
