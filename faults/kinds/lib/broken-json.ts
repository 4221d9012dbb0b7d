import { HttpResponse } from 'msw';
import { defineFault, type FaultKind } from './fault.ts';
import { isDone, isEventStream, withEvents } from './server-sent-events.ts';

/**
 * Defines a fault that breaks the JSON of a 200 response: the whole body, or each event of a stream. The upstream has
 * done its work, for example stored a memory; only its response is broken.
 */
export const defineBrokenJson = (kind: string, does: string, broken: (json: string) => string): FaultKind =>
  defineFault({
    kind,
    does,
    fields: {},
    create: () => ({
      async answer(_circumstances, respond) {
        const response = await respond();
        if (isEventStream(response)) return withEvents(response, (events) => breakEach(events, broken));
        const headers = { 'content-type': 'application/json' };
        return HttpResponse.text(broken(await response.text()), { status: 200, headers });
      },
    }),
  });

async function* breakEach(events: AsyncIterable<string>, broken: (json: string) => string): AsyncGenerator<string> {
  for await (const event of events) {
    yield isDone(event) ? event : event.replace(/^(data: ?)(.+)$/gm, (_line, field, json) => field + broken(json));
  }
}
