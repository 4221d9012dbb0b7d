import { beginningOfBody } from '../../base/whole-body.ts';
import { isDone, isEventStream, withEvents } from './server-sent-events.ts';
import { defineUpstreamFault, type UpstreamFault } from './upstream-fault.ts';

/**
 * Defines a fault that breaks the JSON in a successful response, either in the whole body or in each event of a stream. The
 * upstream has processed the request, for example stored a memory. Only its response is broken.
 */
export const defineBrokenJson = (kind: string, does: string, broken: (json: string) => string): UpstreamFault =>
  defineUpstreamFault({
    kind,
    does,
    effect: 'fails',
    seen: 'body',
    fields: {},
    create: () => ({
      async answer(_circumstances, respond) {
        const response = await respond();
        if (isEventStream(response)) return withEvents(response, (events) => breakEach(events, broken));
        // A part of a document is broken anyway.
        const { bytes } = await beginningOfBody(response.body);
        const body = Buffer.from(broken(bytes.toString()));
        const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
        return new Response(body, { status: hasBody(response.status) ? response.status : 200, headers });
      },
    }),
  });

/** Whether a status is that of a success with a body. */
const hasBody = (status: number): boolean => status >= 200 && status < 300 && status !== 204 && status !== 205;

async function* breakEach(events: AsyncIterable<string>, broken: (json: string) => string): AsyncGenerator<string> {
  for await (const event of events) {
    yield isDone(event) ? event : event.replace(/^(data: ?)(.+)$/gm, (_line, field, json) => field + broken(json));
  }
}
