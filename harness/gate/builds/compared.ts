import { BASELINES, type Measure, type Side } from '../build-round.ts';
import { ratioOf } from '../measures.ts';

/** Returns a measure of this build compared with each other one of which the value is known. */
export function compared(what: Pick<Measure, 'kind' | 'of'>, figureOf: (side: Side) => number | undefined): Measure[] {
  const own = figureOf('own');
  return BASELINES.flatMap((than): Measure[] => {
    const other = figureOf(than);
    if (own === undefined || other === undefined) return [];
    const ratio = ratioOf(what.kind, own, other);
    return ratio === undefined ? [] : [{ ...what, than, own, other, ratio }];
  });
}

/** Returns what each call used, or undefined if it isn't known. */
export const perCall = (used: number | undefined, calls: number): number | undefined =>
  used === undefined || calls === 0 ? undefined : used / calls;
