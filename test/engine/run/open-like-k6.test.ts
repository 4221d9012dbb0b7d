import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

test('import.meta has only resolve(), whose results open() takes', async () => {
  const { said } = await runSource(
    `const address = import.meta.resolve('./data.txt');
    console.log(Object.keys(import.meta).join(), address.replace(/.*\\//, ''));
    console.log(open(address), open(address.slice('file://'.length)));
    export default () => {};`,
    { files: { 'data.txt': 'data' } },
  );
  expect(said.slice(0, 2)).toEqual(['resolve data.txt', 'data data']);
});

test("the path of open() is a file's name, whatever characters it has", async () => {
  const files = { 'a b.txt': 'space', 'a%20b.txt': 'percent', 'a?b#c.txt': 'query' };
  const paths = ['./a b.txt', 'a%20b.txt', './a?b#c.txt', '', 'none.txt', '.'];
  const { said } = await runSource(
    `for (const path of ${JSON.stringify(paths)}) {
      try {
        if (__VU === 0) console.log(open(path));
      } catch (error) {
        console.log(String(error).replace(/\\/\\S+\\//, ''));
      }
    }
    export const handleSummary = () => ({});
    export default () => {};`,
    { files },
  );
  expect(said.slice(0, 4)).toEqual([
    'space',
    'percent',
    'query',
    "GoError: open() can't be used with an empty filename",
  ]);
  expect(said[4]).toBe('GoError: stat none.txt: no such file or directory');
  expect(said[5]).toMatch(/^GoError: open\(\) can't be used with directories, path: /);
});

test('a VU can only open files that were opened before', async () => {
  const files = { 'a.txt': 'a', 'b.txt': 'b' };
  const script = (name: string) => `open('a.txt'); open(${name}); export default () => {};`;
  expect((await runSource(script(`__VU === 0 ? 'b.txt' : 'a.txt'`), { files })).exitCode).toBe(0);
  const { exitCode, errors } = await runSource(script(`__VU === 0 ? 'a.txt' : 'b.txt'`), { files });
  expect(exitCode).toBe(107);
  expect(errors[0]).toMatch(/^GoError: open\(\) can't be used with files that weren't previously opened .*b\.txt"$/);
});
