import { EngineError } from '../base/errors.ts';

export type Operator = '>=' | '<=' | '===' | '==' | '!=' | '>' | '<';

/** A single threshold of a metric. */
export interface Threshold {
  /** The threshold as written, for example `p(95)<500`. */
  readonly expression: string;
  /** `count`, `rate`, `value`, `avg`, `min`, `max`, `med` or `p(N)`. */
  readonly aggregation: string;
  readonly operator: Operator;
  readonly value: number;
}

const GRAMMAR =
  /^\s*(count|rate|value|avg|min|max|med|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*(>=|<=|===|==|!=|>|<)\s*([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*$/i;

/**
 * Parses a threshold in k6's syntax: an aggregation, an operator and a number.
 *
 * @throws EngineError INVALID_THRESHOLD if the syntax is invalid
 */
export function parseThreshold(expression: string): Threshold {
  const [, aggregation, percent, operator, value] = GRAMMAR.exec(expression) ?? [];
  if (aggregation === undefined || operator === undefined) {
    throw new EngineError(
      'INVALID_THRESHOLD',
      `failed parsing threshold expression ${JSON.stringify(expression)}; reason: malformed threshold expression`,
    );
  }
  return {
    expression,
    aggregation: percent === undefined ? aggregation : `p(${percent})`,
    operator: operator as Operator,
    value: Number(value),
  };
}
