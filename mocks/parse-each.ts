import { Refusal } from './refusal.ts';

/**
 * Reads every entry of a plan.
 *
 * @throws Refusal `invalid-plan`, which tells the problems of all entries together, each with its number
 */
export function parseEach<Parsed>(
  entries: readonly unknown[],
  subject: string,
  parse: (entry: unknown) => Parsed,
): Parsed[] {
  const problems: string[] = [];
  const parsed = entries.flatMap((entry, index) => {
    try {
      return [parse(entry)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(`${subject} ${index}: ${error.message}`);
      return [];
    }
  });
  if (problems.length > 0) throw new Refusal('invalid-plan', problems.join('\n'));
  return parsed;
}
