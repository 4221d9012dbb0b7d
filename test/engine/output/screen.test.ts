import { expect, test } from 'vitest';
import { Screen } from '../../../engine/output/screen.ts';

const ESCAPE = '\u001b[';

/** Shows what a terminal of a few lines contains after it has received a text. */
function terminal(text: string): string[] {
  const lines = [''];
  let at = 0;
  let column = 0;
  for (const [part] of text.replaceAll(ESCAPE, '\0').matchAll(/\0\d*[AJK]|\n|[^\n\0]+/g)) {
    const line = lines[at] ?? '';
    if (part.endsWith('A') && part.startsWith('\0')) at -= Number(part.slice(1, -1));
    else if (part === '\0J') lines.splice(at, lines.length, line.slice(0, column));
    else if (part === '\0K') lines[at] = line.slice(0, column);
    else if (part === '\n') [at, column] = [at + 1, 0];
    else {
      lines[at] = line.slice(0, column) + part;
      column += part.length;
    }
    while (lines.length <= at) lines.push('');
  }
  return lines.filter((line) => line !== '');
}

function screenWith(streams: { readonly isTTY: boolean; readonly logIsTTY: boolean }) {
  const written = { out: '', log: '' };
  const stream = (isTTY: boolean, to: keyof typeof written) => {
    const write = (text: string) => {
      written[to] += text;
    };
    return { isTTY, columns: 80, rows: 5, write } as unknown as NodeJS.WriteStream;
  };
  // A terminal shows both streams.
  const screen = new Screen(stream(streams.isTTY, 'out'), stream(streams.logIsTTY, streams.logIsTTY ? 'out' : 'log'));
  return { screen, written, shown: () => terminal(written.out) };
}

test('a terminal shows the latest lines below the log, and at last only the log', () => {
  const { screen, shown } = screenWith({ isTTY: true, logIsTTY: true });
  screen.show(['running', 'first 10%', 'second 20%']);
  screen.log('from the script\n');
  screen.show(['running', 'first 50%', 'second 60%', 'more than fits']);
  expect(shown()).toEqual(['from the script', 'running', 'first 50%', 'second 60%']);
  screen.clear();
  screen.log('the end\n');
  expect(shown()).toEqual(['from the script', 'the end']);
});

test('a pipe receives lines without control characters, and a log in a file is not mixed with the screen', () => {
  const pipe = screenWith({ isTTY: false, logIsTTY: false });
  pipe.screen.show(['running', 'first 10%']);
  pipe.screen.clear();
  expect(pipe.written.out).toBe('\nrunning\nfirst 10%\n');
  const file = screenWith({ isTTY: true, logIsTTY: false });
  file.screen.show(['running']);
  file.screen.log('a line\n');
  expect([file.written.log, file.shown()]).toEqual(['a line\n', ['running']]);
});
