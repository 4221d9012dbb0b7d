import { setImmediate } from 'node:timers/promises';
import { Disconnect, type Ending } from '../kinds/disconnect.ts';

/** The same answer, which tells how its body ended; a broken one is what `fetch` makes of it, a TypeError. */
export function trackBody(response: Response, end: (how: 'answered' | Ending) => void): Response {
  const { body, status, headers } = response;
  if (!body) {
    end('answered');
    return response;
  }
  // Without a length msw can't tell a broken body from a complete one, unless it is in chunks as it is on the wire.
  if (!headers.has('content-length')) headers.set('transfer-encoding', 'chunked');
  const reader = body.getReader();
  return new Response(
    new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          end('answered');
          controller.close();
        } catch (error) {
          end(error instanceof Disconnect ? error.how : 'cut');
          // msw would drop what it was given in this turn, the head too.
          await setImmediate();
          controller.error(new TypeError('terminated', { cause: error }));
        }
      },
      async cancel(reason) {
        end('client-gone');
        await reader.cancel(reason);
      },
    }),
    { status, headers },
  );
}
