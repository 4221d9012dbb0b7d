import { ProofloadError } from '../base/errors.ts';
import { oneOf } from './answers.ts';
import { type FoundAnswer, firstOf, type Source } from './found/source.ts';
import { type Entered, type Interviewer, judgeAnswer, type Question } from './question.ts';

/** Enters an answer to a question, for example at a terminal. `<` goes back to the last question. */
export type Enter = (question: Entered) => string | Promise<string>;

export interface InterviewOptions {
  /** Finds answers. */
  readonly source: Source;
  /** Asks the user. */
  readonly enter: Enter;
  readonly tell: (text: string) => void;
  /** Whether to ask about everything, and to suggest what was found. */
  readonly asksAll?: boolean | undefined;
}

/** Thrown to go back to the last question. */
class Back extends Error {}

/** Thrown if nobody can answer a question. */
export class Unanswered extends ProofloadError {
  constructor({ name, ask }: Question) {
    super(
      'USAGE',
      `nothing was found for "${ask.split('\n')[0]}"; add --set ${name}=…, or answer on a terminal, without --yes`,
    );
  }
}

const YES = oneOf(['yes', 'y', 'no', 'n']);

/**
 * An interview. It suggests the answers that were found, and can go back: the questions are then asked from the start,
 * and the earlier answers are repeated without asking.
 */
export class Interview implements Interviewer {
  readonly #options: InterviewOptions;
  /** What the user entered, in order. */
  readonly #entered: string[] = [];
  #position = 0;
  #answers: Record<string, string> = {};
  #confirmed = new Set<string>();
  #learned: Source[] = [];
  #assumed: string[] = [];
  /** What was shown as found, by the question's name, until the question is asked. */
  #shown = new Map<string, string>();

  constructor(options: InterviewOptions) {
    this.#options = options;
  }

  /** Runs an interview to its end. `hold` asks the questions, always the same if it gets the same answers. */
  async run<Result>(hold: (interview: Interview) => Promise<Result>): Promise<Result> {
    for (;;) {
      this.#position = 0;
      this.#answers = {};
      this.#confirmed = new Set();
      this.#learned = [];
      this.#assumed = [];
      this.#shown = new Map();
      try {
        return await hold(this);
      } catch (error) {
        if (!(error instanceof Back)) throw error;
        this.#entered.pop();
      }
    }
  }

  /** Adds a source that is better than the ones before it, for example a running service. */
  learn(source: Source): void {
    this.#learned.unshift(source);
  }

  /** What the questions that were not asked, because nothing was found, are about. */
  get assumed(): readonly string[] {
    return this.#assumed;
  }

  /** What was shown as found, but did not become a part of the contract. */
  get leftOut(): readonly string[] {
    return [...this.#shown.values()];
  }

  readonly ask = async <Answer>(question: Question<Answer>): Promise<Answer> => {
    this.#shown.delete(question.name);
    const text = await this.#textFor(question);
    const judged = judgeAnswer(question, text);
    if (judged !== true)
      throw new ProofloadError('USAGE', `"${text}" does not answer "${question.ask}"; allowed: ${judged}`);
    this.#answers[question.name] = text;
    return question.answer.parse(text);
  };

  async #textFor(question: Question): Promise<string> {
    const found = this.#find(question.name);
    const judged = found && judgeAnswer(question, found.answer);
    const usable = judged === true ? found : undefined;
    if (found && !usable) this.tell(`Not used: ${found.answer} (${found.from}): allowed is ${judged}`);
    if (usable && (usable.isKnown || this.#confirmed.has(question.name))) {
      const { title = question.ask.split('\n')[0] } = question;
      if (usable.isKnown) this.tell(`${title}: ${usable.answer} (${usable.from})`);
      return usable.answer;
    }
    if (question.isRare && !usable && !this.#options.asksAll) {
      if (question.about !== undefined) this.#assumed.push(question.about);
      return question.usual ?? '';
    }
    return this.#enter({ ...question, usual: usable?.answer ?? question.usual ?? '', from: usable?.from });
  }

  async #enter(question: Entered): Promise<string> {
    const earlier = this.#entered[this.#position];
    if (earlier !== undefined) {
      this.#position += 1;
      return earlier;
    }
    const text = await this.#enterOrGuess(question);
    if (text === '<') throw new Back();
    this.#entered.push(text);
    this.#position += 1;
    return text;
  }

  /** Returns what the user enters or, if nobody can answer, what is usual for a question that every contract answers. */
  async #enterOrGuess(question: Entered): Promise<string> {
    try {
      return await this.#options.enter(question);
    } catch (error) {
      const { guess } = question;
      if (!(error instanceof Unanswered) || guess === undefined) throw error;
      this.tell(`Not known, so "${guess}" is written, to be corrected: ${error.message}`);
      return guess;
    }
  }

  readonly find = (name: string): string | undefined => this.#find(name)?.answer;

  #find = (name: string): FoundAnswer | undefined =>
    firstOf([...this.#learned, this.#options.source])(name, this.#answers);

  readonly group = async (title: string, names: Readonly<Record<string, string>>, unless?: string): Promise<void> => {
    const found = Object.entries(names).flatMap(([name, label]) => {
      const answer = this.#find(name);
      return answer && !answer.isKnown ? [{ name, label, ...answer }] : [];
    });
    if (found.length === 0 || this.#options.asksAll) return;
    for (const { name, label, answer, from } of found)
      this.#shown.set(
        name,
        `${title}: ${label.trim()} ${answer} (${from})${unless === undefined ? '' : `: ${unless}`}`,
      );
    const width = Math.max(...found.map(({ label }) => label.length));
    const rows = found.map(({ label, answer, from }) => `  ${label.padEnd(width)}  ${answer}  (${from})`);
    this.tell(`\n${title}:\n${rows.join('\n')}`);
    const text = await this.#enter({
      name: 'confirm',
      ask: 'Is this right? "no" asks each, "<" goes back.',
      usual: 'yes',
      answer: YES,
    });
    if (text.startsWith('y')) for (const { name } of found) this.#confirmed.add(name);
  };

  tell = (text: string): void => {
    if (this.#position >= this.#entered.length) this.#options.tell(text);
  };

  readonly orLeaveOut = async <Part>(what: string, part: () => Promise<Part>): Promise<Part | undefined> => {
    try {
      return await part();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.tell(`Left out: ${what}: ${error.message}`);
      return undefined;
    }
  };
}
