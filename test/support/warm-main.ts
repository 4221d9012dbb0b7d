/**
 * The process behind `WarmProcesses`. It evaluates the main module of a program for each order that it receives, with
 * the order's arguments, working directory and environment. Afterwards it takes back what the program has changed in
 * the process. It ends when its parent does.
 */
import type { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import type { Done, Order } from './warm-process.ts';

const main = pathToFileURL(process.argv[2] as string);
const streams = ['stdout', 'stderr'] as const;
const emitters: readonly EventEmitter[] = [process, process.stdout, process.stderr];
const exit = process.exit;
let runs = 0;

/** Remembers listeners and patched functions, and returns a function that restores them. */
function remember(): () => void {
  const listeners = emitters.map((emitter) =>
    emitter.eventNames().map((name) => [name, emitter.rawListeners(name)] as const),
  );
  const subtle = Object.getPrototypeOf(crypto.subtle) as object;
  const [methods, random] = [Object.getOwnPropertyDescriptors(subtle), Math.random];
  return () => {
    for (const [index, emitter] of emitters.entries()) {
      const before = new Map(listeners[index]);
      for (const name of emitter.eventNames()) {
        for (const listener of emitter.rawListeners(name)) {
          if (!before.get(name)?.includes(listener)) emitter.removeListener(name, listener as () => void);
        }
      }
    }
    Object.defineProperties(subtle, methods);
    Math.random = random;
  };
}

/** Keeps what is written to both streams, until the returned function is called. */
function capture(written: { stream: string; chunk: Buffer }[]): () => void {
  const writes = streams.map((stream) => {
    const { write } = process[stream];
    process[stream].write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      written.push({ stream, chunk: Buffer.from(chunk as string) });
      const done = rest.find((argument) => typeof argument === 'function');
      if (done) queueMicrotask(done as () => void);
      return true;
    };
    return write;
  });
  return () => {
    for (const [index, stream] of streams.entries())
      process[stream].write = writes[index] as typeof process.stdout.write;
  };
}

/** Evaluates the program. Resolves with whether it has ended by itself, and not by `process.exit()` in its middle. */
async function evaluate(): Promise<boolean> {
  // Without newer built-ins: the engine removes them.
  const exited = new Promise<boolean>((resolve) => {
    process.exit = ((code?: number) => {
      if (code !== undefined) process.exitCode = code;
      setImmediate(() => resolve(false));
    }) as typeof process.exit;
  });
  runs += 1;
  const evaluated = import(`${main.href}?run=${runs}`).then(() => true);
  return Promise.race([evaluated, exited]);
}

async function obey({ args, cwd, environment }: Order): Promise<void> {
  const written: { stream: string; chunk: Buffer }[] = [];
  const [release, restore] = [capture(written), remember()];
  process.chdir(cwd);
  process.env = { ...environment };
  process.argv = [process.execPath, process.argv[1] as string, ...args];
  process.exitCode = undefined;
  let isLast = true;
  try {
    isLast = !(await evaluate());
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  release();
  restore();
  const text = (wanted?: string) =>
    Buffer.concat(written.filter(({ stream }) => !wanted || stream === wanted).map(({ chunk }) => chunk)).toString();
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  process.exit = exit;
  const done: Done & { isLast: boolean } = {
    code,
    stdout: text('stdout'),
    stderr: text('stderr'),
    text: text(),
    isLast,
  };
  process.send?.(done, () => isLast && exit());
}

process.on('message', (order: Order) => void obey(order));
process.on('disconnect', () => exit());
