import { expect, test } from 'vitest';
import { orNone, text, whole } from '../../../harness/init/answers.ts';
import { type FoundAnswers, sourceOf } from '../../../harness/init/found/source.ts';
import { Interview, Unanswered } from '../../../harness/init/interview.ts';
import type { Question } from '../../../harness/init/question.ts';

const question = (name: string, own: Partial<Question<string>> = {}): Question<string> => ({
  name,
  ask: `${name}?`,
  usual: 'usual',
  answer: text,
  ...own,
});

/** Returns an interview that answers questions by name, else with their default. `entered` are the questions. */
function interviewWith(found: FoundAnswers, answers: Record<string, string[]> = {}, asksAll = false) {
  const lines: string[] = [];
  const entered: string[] = [];
  const interview = new Interview({
    source: sourceOf(found),
    enter({ name, usual, from }) {
      entered.push(from === undefined ? name : `${name} from ${from}`);
      return answers[name]?.shift() ?? usual;
    },
    tell: (line) => lines.push(line),
    asksAll,
  });
  return { interview, lines, entered };
}

const from = 'src/app.js:12';

test('what a file says is only suggested, with its line', async () => {
  const { interview, entered } = interviewWith({ name: { answer: 'desk', from } });
  expect(await interview.run(({ ask }) => ask(question('name')))).toBe('desk');
  expect(entered).toEqual([`name from ${from}`]);
});

test('what the service itself shows is told and not asked', async () => {
  const { interview, lines, entered } = interviewWith({ name: { answer: 'desk', from, isKnown: true } });
  expect(await interview.run(({ ask }) => ask(question('name', { title: 'Its name' })))).toBe('desk');
  expect([lines, entered]).toEqual([[`Its name: desk (${from})`], []]);
});

const GROUP = { a: { answer: '1', from }, b: { answer: '2', from: 'package.json:3' } };
const holdGroup = async ({ ask, group }: Interview) => {
  await group('Numbers', { a: 'first', b: 'second', c: 'third' });
  return [await ask(question('a')), await ask(question('b')), await ask(question('c'))];
};

test('several answers are confirmed together, and what was not found is asked', async () => {
  const { interview, lines, entered } = interviewWith(GROUP);
  expect(await interview.run(holdGroup)).toEqual(['1', '2', 'usual']);
  expect(lines).toEqual([`\nNumbers:\n  first   1  (${from})\n  second  2  (package.json:3)`]);
  expect(entered).toEqual(['confirm', 'c']);
});

test('what was shown as found and is never asked about is named', async () => {
  const { interview } = interviewWith(GROUP);
  await interview.run(async ({ ask, group }) => {
    await group('Numbers', { a: 'first', b: ' second' }, 'enter b');
    return ask(question('a'));
  });
  expect(interview.leftOut).toEqual(['Numbers: second 2 (package.json:3): enter b']);
});

test('without a confirmation, each answer is asked', async () => {
  const { interview, entered } = interviewWith(GROUP, { confirm: ['no'], a: ['5'] });
  expect(await interview.run(holdGroup)).toEqual(['5', '2', 'usual']);
  expect(entered).toEqual(['confirm', `a from ${from}`, 'b from package.json:3', 'c']);
});

test('< goes back to the last question, and keeps the answers before it', async () => {
  const { interview, lines, entered } = interviewWith({}, { a: ['1'], b: ['2', '3'], c: ['<', '4'] });
  const hold = async ({ ask, tell }: Interview) => {
    const first = await ask(question('a'));
    tell(`a is ${first}`);
    return [first, await ask(question('b')), await ask(question('c'))];
  };
  expect(await interview.run(hold)).toEqual(['1', '3', '4']);
  expect([entered, lines]).toEqual([
    ['a', 'b', 'c', 'b', 'c'],
    ['a is 1', 'a is 1'],
  ]);
});

test('< at the first question asks it again', async () => {
  const { interview } = interviewWith({}, { a: ['<', '7'] });
  expect(await interview.run(({ ask }) => ask(question('a')))).toBe('7');
});

test('a found answer that does not answer the question is asked for', async () => {
  const { interview, entered } = interviewWith({ max: { answer: 'many', from } });
  expect(await interview.run(({ ask }) => ask({ ...question('max'), usual: '10', answer: whole }))).toBe(10);
  expect(entered).toEqual(['max']);
});

test('a rare question is asked only if something was found, or all are to be asked', async () => {
  const rare = { ...question('log'), usual: 'none', isRare: true, about: 'a log', answer: orNone(text) };
  const silent = interviewWith({});
  expect(await silent.interview.run(({ ask }) => ask(rare))).toBeUndefined();
  expect([silent.entered, silent.interview.assumed]).toEqual([[], ['a log']]);
  const found = interviewWith({ log: { answer: 'a.log', from } });
  const all = interviewWith({}, {}, true);
  await Promise.all([found, all].map(({ interview }) => interview.run(({ ask }) => ask(rare))));
  expect([found.entered, all.entered]).toEqual([[`log from ${from}`], ['log']]);
});

test('a part that nobody can answer is left out, and named', async () => {
  const { interview, lines } = interviewWith({});
  const unanswered = question('refusal', { usual: '' });
  const part = await interview.run(({ orLeaveOut }) =>
    orLeaveOut('the breaker', async () => {
      throw new Unanswered(unanswered);
    }),
  );
  expect(part).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/^Left out: the breaker: nothing was found .* --set refusal=…/)]);
});
