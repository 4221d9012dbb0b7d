import { z } from 'zod';
import { ProofloadError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { CONTRACT_NAMES, RUN_NAMES, SETTINGS } from '../base/settings.ts';
import type { Data } from './answer.ts';
import { plain } from './own.ts';

/** How a tool is called. */
export interface ToolCall {
  /** Is aborted if the client cancels the request or disconnects. */
  readonly signal: AbortSignal;
  /** Notes what happens now. The client gets the latest text every few seconds. */
  readonly progress: (text: string) => void;
}

/** A tool of the MCP server. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  /** Whether it changes no file and starts no process. */
  readonly isReadOnly: boolean;
  /** Whether it may replace what the contract says. */
  readonly changesContract?: boolean;
  /** @throws Error if the tool can't do its work. A FAIL is no error. */
  call(input: Record<string, unknown>, call: ToolCall): Promise<Data>;
}

/** Defines a tool whose input has the type of its schema. */
export const tool = <Input extends z.ZodObject>(
  defined: Omit<Tool, 'input' | 'call'> & { input: Input; call(input: z.output<Input>, call: ToolCall): Promise<Data> },
): Tool => ({ ...defined, call: (input, call) => defined.call(inputOf(defined, input), call) });

/** @throws ProofloadError USAGE with the invalid value and the allowed ones */
function inputOf<Input extends z.ZodObject>(
  { name, input }: { name: string; input: Input },
  given: Record<string, unknown>,
): z.output<Input> {
  const known = Object.keys(input.shape);
  const unknown = Object.keys(given).filter((key) => !known.includes(key));
  const [first] = unknown;
  if (first !== undefined) throw unknownName(`${name} has no argument`, first, known);
  const parsed = input.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ProofloadError('USAGE', `${name}: ${problems.join('; ')}`);
}

/** The most names that an error lists. */
const NAMES = 20;

/** Returns an error about a name that is unknown, with the name that is probably meant, and those that are allowed. */
export function unknownName(problem: string, name: string, known: readonly string[]): ProofloadError {
  const meant = nearest(name, known);
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const more = known.length > NAMES ? ` and ${known.length - NAMES} more` : '';
  const allowed = known.slice(0, NAMES).join(', ') || 'none';
  return new ProofloadError('USAGE', `${problem} "${name}"${hint}; allowed: ${allowed}${more}`);
}

/** Arguments that several tools have. */
export const contract = plain
  .optional()
  .describe(`The contract, a file of this project. Defaults to ${CONTRACT_NAMES.join(' or ')}.`);
export const profile = plain
  .optional()
  .describe(`A profile of the contract's numbers. Defaults to ${SETTINGS.PROFILE.usual}.`);
export const full = z.boolean().default(false).describe('Return up to 32 kB instead of 4 kB.');
export const past = (of: string) => plain.describe(`${of}: ${RUN_NAMES}.`);

/** Returns an option of the command line, or nothing without a value. It is one word, so that no value is an option. */
export const option = (name: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [`${name}=${value}`];
