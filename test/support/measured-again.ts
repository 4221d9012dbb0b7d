import { alone, beside } from './alone.ts';

/**
 * Measures something in a test. If this decides nothing, for example because the machine was busy, measures it once more
 * when no other test runs. The test needs a timeout of `ALONE_MS`.
 *
 * @param whyAgain Returns why a result decides nothing, or undefined if it does.
 */
export const decided = async <Result>(
  name: string,
  measure: () => Promise<Result>,
  whyAgain: (result: Result) => string | undefined,
): Promise<Result> => measuredAgain(name, await beside(measure), whyAgain, () => alone(measure));

/**
 * Returns the first result, or measures once more if that decides nothing, and prints this. Runs do the same with
 * scenarios, in `harness/run/run-each.ts`.
 */
export async function measuredAgain<Result>(
  name: string,
  first: Result,
  whyAgain: (result: Result) => string | undefined,
  measure: () => Promise<Result>,
): Promise<Result> {
  const why = whyAgain(first);
  if (why === undefined) return first;
  console.log(`${name} is measured again, alone, because it is INCONCLUSIVE: ${why}`);
  return await measure();
}
