import { z } from 'zod';
import type { Operation } from './operation.ts';

const error = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Schemas by name. */
type Schemas = Record<string, unknown>;

/**
 * Converts a schema. A recursive one has definitions, which are added to `shared`, because references are relative to the
 * whole document.
 *
 * @param name A unique name, with which the names of its definitions begin.
 */
function toJson(schema: z.ZodType, name: string, shared: Schemas): Schemas {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const text = JSON.stringify(json).replaceAll('"#/$defs/', `"#/components/schemas/${name}`);
  const { $defs: own = {}, ...moved } = JSON.parse(text) as Schemas;
  for (const [of, definition] of Object.entries(own as Schemas)) shared[name + of] = definition;
  return moved;
}

/** Returns an OpenAPI 3.1 description of the operations, generated from the schemas that validate their calls. */
export function openApiOf(operations: readonly Operation[]): object {
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Schemas = {};
  schemas.Error = toJson(error, 'Error', schemas);
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describe(operation, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'proofload control API', version: '1' },
    paths,
    components: {
      schemas,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ token: [] }],
  };
}

function describe({ method, path, does, status = 200, query, body }: Operation, schemas: Schemas) {
  const operationId = `${method} ${path}`.replace(/\W+(\w)/g, (_all, letter: string) => letter.toUpperCase());
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
    schema: toJson(schema as z.ZodType, `${operationId}-${name}-`, schemas),
  }));
  const refused = {
    description: 'the call was rejected',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  };
  return {
    operationId,
    summary: does,
    parameters: [...inPath, ...inQuery],
    ...(body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: toJson(body, `${operationId}-`, schemas) } },
      },
    }),
    responses: { [status]: { description: does }, '4XX': refused },
  };
}
