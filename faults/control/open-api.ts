import { z } from 'zod';
import type { Operation } from './operation.ts';

const error = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const toJson = (schema: z.ZodType) => {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return json;
};

/** Returns an OpenAPI 3.1 description of the operations, generated from the schemas that validate their calls. */
export function openApiOf(operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'proofload control API', version: '1' },
    paths,
    components: { schemas: { Error: toJson(error) } },
  };
}

function describe({ method, path, does, status = 200, query, body }: Operation) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: toJson(schema as z.ZodType),
  }));
  const refused = {
    description: 'the call was rejected',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
  return {
    operationId: `${method} ${path}`.replace(/\W+(\w)/g, (_all, letter: string) => letter.toUpperCase()),
    summary: does,
    parameters: [...inPath, ...inQuery],
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: toJson(body) } } } } : {}),
    responses: { [status]: { description: does }, '4XX': refused },
  };
}
