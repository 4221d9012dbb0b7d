import type { Budget } from '../contract/budgets.ts';

/** The part of a receipt that says what an upstream has charged for a request. */
export interface Charged {
  readonly status: number | null;
  readonly usage?: readonly [input: number, output: number];
  readonly model?: string;
}

const MILLION = 1_000_000;

/** Returns what an upstream has charged for a request, in the unit of a budget. A request that failed costs nothing. */
export function chargeOf({ of, price }: Pick<Budget, 'of' | 'price'>, receipt: Charged): number {
  if (of === 'calls') return isServed(receipt) ? 1 : 0;
  const [input, output] = isServed(receipt) ? (receipt.usage ?? [0, 0]) : [0, 0];
  if (of === 'tokens') return input + output;
  const { models = {}, ...usual } = price ?? { input: 0, output: 0 };
  const prices = models[receipt.model ?? ''] ?? usual;
  return (input * prices.input + output * prices.output) / MILLION;
}

/** Whether an upstream has served a request, or has begun to. */
export const isServed = ({ status }: Charged): boolean => status !== null && status >= 200 && status < 300;

/** Returns half of the smallest difference between two charges, so that sums of prices can be compared. */
export function leastOf({ of, price }: Pick<Budget, 'of' | 'price'>): number {
  if (of !== 'money') return 0.5;
  const all = [price, ...Object.values(price?.models ?? {})].flatMap((known) => [
    known?.input ?? 0,
    known?.output ?? 0,
  ]);
  return Math.min(...all.filter((value) => value > 0)) / MILLION / 2;
}
