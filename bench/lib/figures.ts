import Table from 'cli-table3';
import { median } from '../../harness/base/median.ts';

/** A measured figure and its bound. A figure without a bound is for information only. */
export interface Figure {
  readonly what: string;
  /** What was measured: a route or a kind of load. */
  readonly of: string;
  readonly value: number;
  readonly unit: string;
  readonly bound?: { readonly atLeast: number } | { readonly atMost: number };
  /** Why the measurement is invalid. If set, the figure proves nothing. */
  readonly unsound?: string;
  /** The data that the figure was calculated from, such as the medians of both sides. */
  readonly from: string;
}

/**
 * Returns the median of several rounds as a figure. If it misses the bound, but some rounds meet it, it proves nothing:
 * on a machine that is slowed down from outside, the rounds differ more than programs do.
 */
export function figureOf(rounds: readonly number[], figure: Omit<Figure, 'value' | 'unsound'>): Figure {
  const whole = { ...figure, value: median(rounds) };
  const isUndecided = !isMet(whole) && rounds.some((value) => isMet({ ...figure, value }));
  const ends = [Math.min(...rounds), Math.max(...rounds)].map((value) => value.toFixed(2)).join(' to ');
  return isUndecided ? { ...whole, unsound: `some rounds met the bound: ${ends}` } : whole;
}

export function isMet({ value, bound }: Figure): boolean {
  if (!bound) return true;
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
}

/** Returns FAIL if a bound was missed, and otherwise INCONCLUSIVE if any figure proves nothing. */
export function verdictOf(figures: readonly Figure[]): 'PASS' | 'FAIL' | 'INCONCLUSIVE' {
  if (figures.some((figure) => !figure.unsound && !isMet(figure))) return 'FAIL';
  return figures.some(({ unsound }) => unsound) ? 'INCONCLUSIVE' : 'PASS';
}

/** Formats the figures as a table. */
export function figureTable(figures: readonly Figure[]): string {
  const table = new Table({
    head: ['what', 'of', 'figure', 'bound', 'met', 'from'],
    style: { head: [], border: [] },
  });
  for (const figure of figures) {
    const { what, of, value, unit, bound, from, unsound } = figure;
    const wanted = bound ? ('atLeast' in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`) : '';
    const met = bound ? (unsound ? '?' : isMet(figure) ? 'yes' : 'NO') : '';
    table.push([what, of, `${value.toFixed(2)}${unit}`, wanted, met, unsound ?? from]);
  }
  return table.toString();
}
