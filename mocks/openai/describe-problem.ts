import type { Problem } from '../llm/parse-body.ts';

/** The message of a 400 error, and its `param` and `code` fields. */
type Description = [message: string, fields: { param: string | null; code: string | null }];

/** Returns OpenAI's error message for an invalid request. */
export function describeProblem(problem: Problem): Description {
  const path = pathOf(problem.path);
  const describe = (message: string, code: string): Description => [message, { param: path || null, code }];
  const input = 'input' in problem ? problem.input : undefined;
  switch (problem.code) {
    case 'unrecognized_keys': {
      const name = pathOf([...problem.path, problem.keys[0] ?? '']);
      return [`Unknown parameter: '${name}'.`, { param: name, code: 'unknown_parameter' }];
    }
    case 'too_big':
    case 'too_small':
      return describeSize(problem.code === 'too_big', path, problem.origin, input);
    case 'invalid_value': {
      if (input === undefined) break;
      const values = problem.values.map((value) => `'${String(value)}'`).join(', ');
      return describe(`Invalid value: '${String(input)}'. Supported values are: ${values}.`, 'invalid_value');
    }
    case 'contradiction':
      return describe(`Invalid value for '${path}': ${problem.message}.`, 'invalid_value');
  }
  if (input === undefined) return describe(`Missing required parameter: '${path}'.`, 'missing_required_parameter');
  const got = Array.isArray(input) ? 'an array' : input === null ? 'null' : `a value of type ${typeof input}`;
  return describe(`Invalid type for '${path}': ${problem.message}, but got ${got} instead.`, 'invalid_type');
}

function describeSize(isAbove: boolean, path: string, origin: string, input: unknown): Description {
  const fields = (code: string) => ({ param: path, code });
  if (origin === 'array' || origin === 'string') {
    if (isAbove) return [`Invalid '${path}': ${origin} too long.`, fields(`${origin}_above_max_length`)];
    return [`Invalid '${path}': empty ${origin}.`, fields(`empty_${origin}`)];
  }
  const kind = Number.isInteger(input) ? 'integer' : 'decimal';
  const [side, code] = isAbove ? ['above maximum', 'above_max_value'] : ['below minimum', 'below_min_value'];
  return [`Invalid '${path}': ${kind} ${side} value, got ${input}.`, fields(`${kind}_${code}`)];
}

/** Formats a path the way OpenAI does, for example `messages[0].role`. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index ? '.' : ''}${String(key)}`)).join('');
