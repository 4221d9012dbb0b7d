import { EngineError } from '../base/errors.ts';
import { parseGoFloat, percentOf } from '../base/go-float.ts';

/** The operators, in the order in which k6 looks for them: the first one with a text to its right counts. */
const OPERATORS = ['<=', '<', '>=', '>', '===', '==', '!='] as const;

export type Operator = (typeof OPERATORS)[number];

const METHODS = ['value', 'count', 'rate', 'avg', 'min', 'med', 'max'];

/** A single threshold of a metric. */
export interface Threshold {
  /** The threshold as written, for example `p(95)<500`. */
  readonly expression: string;
  /** `count`, `rate`, `value`, `avg`, `min`, `max`, `med` or `p(N)`. */
  readonly aggregation: string;
  readonly operator: Operator;
  readonly value: number;
}

/**
 * Parses a threshold in k6's syntax: an aggregation, an operator and a number.
 *
 * @throws EngineError INVALID_THRESHOLD if the syntax is invalid
 */
export function parseThreshold(expression: string): Threshold {
  const operator = OPERATORS.find((text) => partsOf(expression, text)[1] !== '');
  if (operator === undefined) throw malformed(expression, 'malformed threshold expression');
  const [method, number] = partsOf(expression, operator).map((part) => part.trim()) as [string, string];
  const aggregation = aggregationOf(method);
  if (aggregation === undefined) {
    const allowed = `expected ${METHODS.join(', ')} or p(N) with N from 0 to 100`;
    throw malformed(expression, `unknown aggregation ${JSON.stringify(method)}, ${allowed}`);
  }
  const value = parseGoFloat(number);
  if (value === undefined) throw malformed(expression, `${JSON.stringify(number)} is not a number within range`);
  return { expression, aggregation, operator, value };
}

function partsOf(expression: string, operator: string): [left: string, right: string] {
  const at = expression.indexOf(operator);
  return at < 0 ? ['', ''] : [expression.slice(0, at), expression.slice(at + operator.length)];
}

/** As in k6, `p` without a number is the minimum. */
function aggregationOf(method: string): string | undefined {
  if (METHODS.includes(method)) return method;
  const percent = method === 'p' ? 0 : percentOf(method);
  return percent === undefined ? undefined : `p(${percent})`;
}

const malformed = (expression: string, reason: string): EngineError =>
  new EngineError(
    'INVALID_THRESHOLD',
    `failed parsing threshold expression ${JSON.stringify(expression)}; reason: ${reason}`,
  );
