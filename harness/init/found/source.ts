/** An answer to a question of `proofload init` that was found out. */
export interface FoundAnswer {
  /** The answer as a user would enter it. */
  answer: string;
  /** The file or the address that it was found in. */
  from: string;
  /** Whether it may be wrong, so that it is only suggested. */
  isGuess?: boolean;
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
 * Returns a source that combines several sources. A certain answer wins over a guess, and an earlier source over a
 * later one.
 */
export const firstOf =
  (sources: readonly Source[]): Source =>
  (question, earlier) => {
    const found = sources.map((source) => source(question, earlier)).filter((answer) => answer !== undefined);
    return found.find(({ isGuess }) => !isGuess) ?? found[0];
  };
