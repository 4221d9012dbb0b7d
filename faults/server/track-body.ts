import { setImmediate } from 'node:timers/promises';
import { Disconnect, type Ending } from '../kinds/lib/disconnect.ts';

/** Returns the response with a body that reports how it ended. If the body breaks, `fetch` fails with a TypeError. */
export function trackBody(response: Response, end: (how: 'answered' | Ending) => void): Response {
  const { body, status, headers } = response;
  if (!body) {
    end('answered');
    return response;
  }
  // If there is no content-length, msw can distinguish a broken body from a complete one only if it is chunked, as on
  // the wire.
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
          // msw would discard everything that it received in this turn, including the head.
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
