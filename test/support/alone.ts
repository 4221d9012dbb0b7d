import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** The connection of the file that this process runs: see `turns-server.ts`. Absent if nothing runs beside it. */
let connection: Socket | undefined;

/** The tests of the file that wait until they are alone. Called when they are. */
const waiting: (() => void)[] = [];
/** Called when no test of the file is alone any more. */
const held: (() => void)[] = [];
/** How many tests of the file measure something beside others, and whether one is alone. */
let measuring = 0;
let isOneAlone = false;
/** The number of the current wish to be alone, if the file has said it. */
let wish: number | undefined;
let wishes = 0;

/** A file begins. Waits until nothing runs that has to be alone. */
export async function fileBegins(): Promise<void> {
  const { TEST_TURNS } = process.env;
  if (TEST_TURNS === undefined) return;
  connection = connect(Number(TEST_TURNS), '127.0.0.1').on('error', () => {});
  const lines = createInterface(connection);
  await once(lines, 'line');
  lines.on('line', (number) => Number(number) === wish && beginAlone());
}

/** A file ends. */
export function fileEnds(): void {
  connection?.destroy();
  connection = undefined;
}

/** Measures something in a test, beside others, but beside none that is alone. */
export async function beside<Result>(measure: () => Promise<Result>): Promise<Result> {
  while (isOneAlone) await new Promise<void>((begin) => held.push(begin));
  measuring += 1;
  say();
  try {
    return await measure();
  } finally {
    measuring -= 1;
    say();
  }
}

/** Measures something in a test when no other file runs, and no other test of this file measures anything. */
export async function alone<Result>(measure: () => Promise<Result>): Promise<Result> {
  const end = await beAlone();
  return await measure().finally(end);
}

/** Waits until a test is alone. It is until it calls the result. */
export async function beAlone(): Promise<() => void> {
  await new Promise<void>((begin) => {
    waiting.push(begin);
    say();
  });
  return () => {
    isOneAlone = false;
    wish = undefined;
    connection?.write('work\n');
    for (const begin of held.splice(0)) begin();
    say();
  };
}

/** Says whether the file only waits, if this has changed. */
function say(): void {
  if (isOneAlone) return;
  const onlyWaits = waiting.length > 0 && measuring === 0;
  if (onlyWaits === (wish !== undefined)) return;
  wishes += 1;
  wish = onlyWaits ? wishes : undefined;
  if (!connection) return void (onlyWaits && beginAlone());
  connection.write(onlyWaits ? `${wish}\n` : 'work\n');
}

function beginAlone(): void {
  isOneAlone = true;
  waiting.shift()?.();
}
