import { createInterface } from 'node:readline/promises';
import { ProofloadError } from '../base/errors.ts';
import { type Entered, judgeAnswer } from './question.ts';

/** Asks questions on the terminal. If standard input is no terminal, each of its lines is an answer. */
export class TerminalQuestions implements Disposable {
  readonly #terminal = createInterface({ input: process.stdin, output: process.stdout });
  readonly #lines = this.#terminal[Symbol.asyncIterator]();
  /** Lines may be left after the input has ended. */
  #hasEnded = false;

  constructor() {
    this.#terminal.on('SIGINT', () => this.#terminal.close());
    this.#terminal.on('close', () => {
      this.#hasEnded = true;
    });
  }

  /**
   * Returns the answer, or the default if it is empty. On a terminal, asks again until the answer is valid. `<` is
   * returned as it is.
   *
   * @throws ProofloadError USAGE if the input ends, for example because of Ctrl-C
   */
  readonly ask = async (question: Entered): Promise<string> => {
    const { usual, from } = question;
    const suggestion = from === undefined ? `(${usual})` : `(${usual}, from ${from})`;
    const prompt = `${question.ask} ${usual === '' ? '' : `${suggestion} `}`;
    this.#terminal.setPrompt(prompt);
    for (;;) {
      if (this.#hasEnded) process.stdout.write(prompt);
      else this.#terminal.prompt();
      const { done, value = '' } = await this.#lines.next();
      if (done)
        throw new ProofloadError(
          'USAGE',
          'the input ended before all questions were answered; nothing was written. Without a terminal, use --yes, which accepts what was found, and --set NAME=ANSWER',
        );
      const text = value.trim() || usual;
      // Only a terminal shows what is typed.
      if (!process.stdin.isTTY) process.stdout.write(`${text}\n`);
      const judged = text === '<' || judgeAnswer(question, text);
      if (judged === true || !process.stdin.isTTY) return text;
      process.stdout.write(`  ${text === '' ? 'This has no default. ' : ''}Allowed: ${judged}\n`);
    }
  };

  [Symbol.dispose](): void {
    this.#terminal.close();
  }
}
