import { GoError } from '../base/errors.ts';
import { selectJson } from './select-json.ts';

const NO_JSON =
  "the body is null so we can't transform it to JSON - this likely was because of a request error getting the response";

/** Implements `response.json()`. With a path, it returns undefined if the body is not valid JSON. */
export function jsonOf(body: string | ArrayBuffer | null): (...path: unknown[]) => unknown {
  let parsed: { readonly value: unknown } | undefined;
  return (...path) => {
    if (body === null) throw new GoError(NO_JSON);
    try {
      parsed ??= { value: JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString()) };
    } catch (error) {
      if (path.length > 0) return undefined;
      throw new GoError(`cannot parse json due to an error: ${(error as Error).message}`);
    }
    return path.length === 0 ? parsed.value : selectJson(parsed.value, String(path[0] ?? ''));
  };
}
