import { expect, test } from 'vitest';
import { runSource } from '../run-source.ts';

// The console output of k6 v2.2.0 is the same.
test('a WritableStream writes chunks in order, waits for its sink, and fails after an error', async () => {
  const { said, exitCode } = await runSource(`
    import { CountQueuingStrategy, WritableStream, WritableStreamDefaultWriter } from 'k6/experimental/streams';
    export default async function () {
      const sink = {
        start: () => console.log('start'),
        write: (chunk) => new Promise((done) => setTimeout(() => done(console.log('wrote', chunk)), 5)),
        close: () => console.log('close'),
        abort: (reason) => console.log('abort', reason),
      };
      const stream = new WritableStream(sink, new CountQueuingStrategy({ highWaterMark: 2 }));
      const writer = stream.getWriter();
      console.log(stream.locked, writer instanceof WritableStreamDefaultWriter, writer.desiredSize);
      writer.write('a');
      writer.write('b');
      console.log(writer.desiredSize);
      await writer.close();
      const failing = new WritableStream(sink).getWriter();
      await failing.abort('no more');
      await failing.write('c').catch((reason) => console.log('rejected', reason));
    }`);
  expect([exitCode, said]).toEqual([
    0,
    ['start', 'true true 2', '0', 'wrote a', 'wrote b', 'close', 'start', 'abort no more', 'rejected no more'],
  ]);
});
