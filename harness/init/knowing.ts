import { answersAt } from './found/at-address.ts';
import { firstOf, type Source } from './found/source.ts';
import type { Question } from './question.ts';
import { judgeAnswer } from './question.ts';

/** Enters an answer to a question, for example at a terminal. */
export type Enter = (question: Question) => string | Promise<string>;

/**
 * Returns a function that enters the known facts about a service. It asks only about the rest, and suggests guesses.
 * Once it knows the address of a running service, it reads that service's OpenAPI document.
 *
 * @param source Finds answers.
 * @param enter Asks the user.
 * @param tell Called with each answer that needs no question, and its origin.
 * @param asksAll Whether to ask about everything, and to suggest what was found.
 */
export function knowing(
  source: Source,
  { enter, tell, asksAll = false }: { enter: Enter; tell: (text: string) => void; asksAll?: boolean | undefined },
): Enter {
  const earlier: Record<string, string> = {};
  let known = source;
  return async (question) => {
    const found = known(question.name, earlier);
    const usable = found && judgeAnswer(question, found.answer) === true ? found : undefined;
    const answer =
      usable && !usable.isGuess && !asksAll
        ? usable.answer
        : await enter({ ...question, usual: usable?.answer ?? question.usual });
    if (usable && !usable.isGuess && !asksAll) tell(`${question.ask.split('\n')[0]} ${answer} (from ${usable.from})`);
    earlier[question.name] = answer;
    if (question.name === 'running' && /^http:/.test(answer)) known = firstOf([await answersAt(answer), source]);
    return answer;
  };
}
