import { Refusal } from './refusal.ts';

// Each message lists the allowed values, so 20,000 messages would take up megabytes.
const PROBLEMS_SHOWN = 50;

/**
 * Parses all entries in a plan.
 *
 * @throws Refusal `invalid-plan` with the problems in the first 50 invalid entries, each with the entry's number
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
  const more = problems.length > PROBLEMS_SHOWN ? [`and ${problems.length - PROBLEMS_SHOWN} more`] : [];
  throw new Refusal('invalid-plan', [...problems.slice(0, PROBLEMS_SHOWN), ...more].join('\n'));
}
