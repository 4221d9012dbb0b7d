import { type Content, contentsOf, sampleOf } from './content.ts';
import { type OpenApiDocument, type Operation, type ResponseObject, resolveRef } from './document.ts';

/** An operation's successful response. */
export interface Success {
  readonly status: number;
  /** The headers that the document requires, in lower case. */
  readonly headers: readonly (readonly [string, string])[];
  /** The possible contents, or an empty list if there is no body. */
  readonly contents: readonly Content[];
}

/**
 * Returns an operation's successful response: its lowest documented 2xx, otherwise its lowest 3xx, otherwise `default`
 * as 200, otherwise its lowest status.
 */
export function successOf(document: OpenApiDocument, operation: Operation): Success {
  const { responses = {} } = operation;
  const statuses = Object.keys(responses).sort();
  const ofFamily = (digit: string) => statuses.find((status) => status.startsWith(digit));
  const documented = ofFamily('2') ?? ofFamily('3') ?? statuses.find((status) => status === 'default') ?? statuses[0];
  const response = resolveRef<ResponseObject>(document, responses[documented ?? ''] ?? {}) ?? {};
  return {
    status: statusOf(documented),
    headers: Object.entries(response.headers ?? {}).flatMap((header) => requiredHeader(document, header)),
    contents: contentsOf(document, operation, response),
  };
}

/** Converts `2XX`, `default` and anything that is not a valid status to 200. */
function statusOf(documented = ''): number {
  const status = Number(documented.replaceAll(/x/gi, '0'));
  return status >= 200 && status <= 599 ? status : 200;
}

function requiredHeader(document: OpenApiDocument, [name, documented]: [string, unknown]): [string, string][] {
  const { required, example, schema } = Object(resolveRef(document, documented));
  if (required !== true || name.toLowerCase() === 'content-type') return [];
  const value = example ?? sampleOf(document, schema) ?? '';
  return [[name.toLowerCase(), typeof value === 'object' ? JSON.stringify(value) : String(value)]];
}
