/** An answer to a question of `proofload init` that was found out. */
export interface FoundAnswer {
  /** The answer as a user would enter it. */
  answer: string;
  /** The file and line, or the address, that it was found in. */
  from: string;
  /** Whether an answer from elsewhere is better. */
  isGuess?: boolean;
  /** Whether the service itself gave the answer, so that the user need not confirm it. */
  isKnown?: boolean;
}

/** Finds the answer to a question by the question's name. `earlier` are the answers so far, as entered. */
export type Source = (question: string, earlier: Readonly<Record<string, string>>) => FoundAnswer | undefined;

/** Answers to questions, by the question's name. */
export type FoundAnswers = Readonly<Record<string, FoundAnswer>>;

/** Returns a source of fixed answers. */
export const sourceOf =
  (answers: FoundAnswers): Source =>
  (question) =>
    Object.hasOwn(answers, question) ? answers[question] : undefined;

/**
 * Returns a source that combines several sources. The service's own answer wins over one from a file, this over a
 * guess, and an earlier source over a later one.
 */
export const firstOf =
  (sources: readonly Source[]): Source =>
  (question, earlier) => {
    const found = sources.map((source) => source(question, earlier)).filter((answer) => answer !== undefined);
    return found.find(({ isKnown }) => isKnown) ?? found.find(({ isGuess }) => !isGuess) ?? found[0];
  };
