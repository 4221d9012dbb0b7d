import { Refusal } from './refusal.ts';

// Each tells what is allowed: of 20 000 it would be megabytes.
const PROBLEMS_TOLD = 50;

/**
 * Reads every entry of a plan.
 *
 * @throws Refusal `invalid-plan`, which tells the problems of the entries together (the first 50), each with its number
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
  if (problems.length === 0) return parsed;
  const more = problems.length > PROBLEMS_TOLD ? [`and ${problems.length - PROBLEMS_TOLD} more`] : [];
  throw new Refusal('invalid-plan', [...problems.slice(0, PROBLEMS_TOLD), ...more].join('\n'));
}
