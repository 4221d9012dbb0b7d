import type { z } from 'zod';

/** A question of `proofload init`. */
export interface Question<Answer = unknown> {
  /** A short name, for example `llm.setting`. */
  name: string;
  ask: string;
  /** The default answer, as entered. By default, or if it is empty, there is none. */
  usual?: string;
  /** Validates an answer and converts it. */
  answer: z.ZodType<Answer, string>;
  /** Whether the default is assumed if nothing else was found. `--ask` asks such questions, too. */
  isRare?: boolean;
  /** What to call its answer if the service itself gave it. Defaults to the question. */
  title?: string;
  /** What it is about, for the list of the rare questions that were not asked. */
  about?: string;
  /** What `--yes` writes if nothing was found, and says so, for a question without a default that every contract answers. */
  guess?: string;
  /** Where the default was found, such as `src/app.js:12`. */
  from?: string | undefined;
}

/** A question to enter an answer to. Its default is the answer that was found, if there is one. */
export type Entered = Question & { usual: string };

/** Asks a question and returns the converted answer. */
export type Ask = <Answer>(question: Question<Answer>) => Promise<Answer>;

/** What the parts of the interview can do. */
export interface Interviewer {
  readonly ask: Ask;
  /**
   * Shows the answers that were found to several questions, and lets the user confirm them together.
   *
   * @param names What to call each answer, by the question's name.
   * @param unless Why an answer may be left out, and what to answer so that it is not.
   */
  readonly group: (title: string, names: Readonly<Record<string, string>>, unless?: string) => Promise<void>;
  /** Returns what was found for a name that is no question. */
  readonly find: (name: string) => string | undefined;
  /** Prints a line. */
  readonly tell: (text: string) => void;
  /** Returns what a part of the interview does, or undefined if `--yes` finds no answer to one of its questions. */
  readonly orLeaveOut: <Part>(what: string, part: () => Promise<Part>) => Promise<Part | undefined>;
}

/** Validates an answer. Returns true, or a description of the problem. */
export function judgeAnswer({ answer }: Question, text: string): true | string {
  const parsed = answer.safeParse(text);
  return parsed.success || (parsed.error.issues[0]?.message ?? 'not valid');
}
