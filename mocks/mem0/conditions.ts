import { badRequest } from './errors.ts';

/** Whether a field's value satisfies a condition. */
export type Condition = (value: unknown) => boolean;

const comparison =
  (holds: (value: number, wanted: number) => boolean) =>
  (wanted: unknown): Condition =>
  (value) =>
    typeof value === 'number' && typeof wanted === 'number' && holds(value, wanted);

const OPERATORS = {
  eq: (wanted) => (value) => value === wanted,
  ne: (wanted) => (value) => value !== wanted,
  in: (wanted) => {
    if (!Array.isArray(wanted)) throw badRequest("'in' takes a list");
    return (value) => (Array.isArray(value) ? value : [value]).some((item) => wanted.includes(item));
  },
  gt: comparison((value, wanted) => value > wanted),
  gte: comparison((value, wanted) => value >= wanted),
  lt: comparison((value, wanted) => value < wanted),
  lte: comparison((value, wanted) => value <= wanted),
  contains: (wanted) => (value) => textsOf(value).some((text) => text.includes(String(wanted))),
  icontains: (wanted) => (value) =>
    textsOf(value).some((text) => text.toLowerCase().includes(String(wanted).toLowerCase())),
} satisfies Record<string, (wanted: unknown) => Condition>;

/** The operators that filters can use. */
type Operator = keyof typeof OPERATORS;

/**
 * Parses a filter's condition on a field: either `{"<operator>": <operand>}`, whose entries must all hold, or just an
 * operand, which implies the operator `bare`. `*` matches any value except null. `convert` makes operands comparable
 * with the field.
 *
 * @throws Mem0Refusal 400 for an operator that the field does not support
 */
export function parseCondition(
  field: string,
  wanted: unknown,
  { allowed, bare, convert = (operand) => operand }: FieldRules,
): Condition {
  if (wanted === '*') return (value) => value !== null && value !== undefined;
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) {
    return OPERATORS[Array.isArray(wanted) ? 'in' : bare](convertAll(wanted, convert));
  }
  const conditions = Object.entries(wanted).map(([name, operand]) => {
    const operator = allowed.find((candidate) => candidate === name);
    if (!operator) throw badRequest(`Unsupported operator '${name}' for '${field}'; allowed: ${allowed.join(', ')}`);
    return OPERATORS[operator](convertAll(operand, convert));
  });
  return (value) => conditions.every((condition) => condition(value));
}

/** The operators and operands that a field supports. */
export interface FieldRules {
  readonly allowed: readonly Operator[];
  readonly bare: Operator;
  convert?(operand: unknown): unknown;
}

const convertAll = (operand: unknown, convert: (operand: unknown) => unknown): unknown =>
  Array.isArray(operand) ? operand.map(convert) : convert(operand);

const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map((item) => String(item ?? ''));
