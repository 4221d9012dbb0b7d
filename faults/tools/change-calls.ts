import { jsonIn } from '../base/json-in.ts';
import { wholeBody } from '../base/whole-body.ts';
import { Disconnect } from '../kinds/lib/disconnect.ts';
import { eventsOf, isEventStream } from '../kinds/lib/server-sent-events.ts';
import { chatCompletions } from './chat-completions.ts';
import { messages } from './messages.ts';
import { responses } from './responses.ts';
import type { AnswerEnd, CallPiece, JsonEvent, ToolCall, ToolDialect } from './tool-call.ts';

const DIALECTS: readonly ToolDialect[] = [chatCompletions, responses, messages];

/** The calls of an answer after a change. */
export interface ChangedCalls {
  readonly calls: readonly ToolCall[];
  readonly end?: AnswerEnd;
  /** How the pieces of a stream follow each other. Defaults to one call after another. */
  readonly order?: 'disordered' | 'crossed';
}

/** Changes the calls of an answer, whole or streamed. It is not called for an answer without calls. */
export type ChangeCalls = (calls: readonly ToolCall[], isStream: boolean) => ChangedCalls;

/** Returns an answer of a model with changed calls of tools. Other answers are returned as they are. */
export async function changeCalls(response: Response, change: ChangeCalls): Promise<Response> {
  const isStream = isEventStream(response);
  const body = await wholeBody(response.body);
  const answer = isStream ? undefined : jsonIn(body.toString());
  const events = isStream ? (await Array.fromAsync(eventsOf([body]))).map(eventOf) : [];
  for (const dialect of DIALECTS) {
    const calls = isStream ? dialect.streamedCallsIn(events) : dialect.callsIn(answer);
    if (calls.length === 0) continue;
    const changed = change(calls, isStream);
    if (isStream) return streamed(response, dialect, { events, calls, changed });
    const text = JSON.stringify(dialect.withCalls(answer, changed.calls, changed.end ?? 'usual'));
    return withText(response, [text]);
  }
  return withText(response, [body]);
}

interface Streamed {
  readonly events: readonly JsonEvent[];
  readonly calls: readonly ToolCall[];
  readonly changed: ChangedCalls;
}

function streamed(response: Response, dialect: ToolDialect, { events, calls: before, changed }: Streamed): Response {
  const { calls, end = 'usual', order } = changed;
  // An API that sends the arguments of a call in one event does so here as well.
  const isSplit = events.filter((event) => dialect.isOfCall(event, events)).length > before.length;
  const pieces = piecesOf(calls, { order, isSplit, end });
  const sent = dialect.withStreamedCalls(events, { calls, pieces, end });
  return withText(response, sent.map(written), end === 'gone');
}

/** Returns a response with other chunks. If `isCut`, its connection ends after them. */
function withText(response: Response, chunks: readonly (string | Buffer)[], isCut = false): Response {
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  const encoder = new TextEncoder();
  let next = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks[next];
      next += 1;
      if (chunk !== undefined)
        controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : new Uint8Array(chunk));
      else if (isCut) controller.error(new Disconnect('cut'));
      else controller.close();
    },
  });
  return new Response(body, { status: response.status, headers });
}

/** The number of characters in a piece of the arguments. */
export const PIECE = 6;

function piecesOf(
  calls: readonly ToolCall[],
  {
    order,
    isSplit,
    end,
  }: { readonly order: ChangedCalls['order']; readonly isSplit: boolean; readonly end: AnswerEnd },
): CallPiece[] {
  const each = calls.map(({ arguments: text }, of) => {
    const characters = [...text];
    const size = isSplit ? PIECE : Math.max(1, characters.length);
    const count = Math.ceil(characters.length / size);
    const texts = Array.from({ length: count }, (_, index): CallPiece => {
      return { of, part: { text: characters.slice(index * size, (index + 1) * size).join('') } };
    });
    const stop: CallPiece[] = end === 'gone' ? [] : [{ of, part: 'stop' }];
    const start: CallPiece = { of, part: 'start' };
    if (order === 'disordered') return [...texts.slice(0, 1), start, ...texts.slice(1), ...stop];
    return [start, ...texts, ...stop];
  });
  if (order !== 'crossed') return each.flat();
  const longest = Math.max(...each.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => each.flatMap((pieces) => pieces[index] ?? [])).flat();
}

function eventOf(raw: string): JsonEvent {
  const [, data = ''] = /^data: ?(.+)$/m.exec(raw) ?? [];
  return { name: /^event: ?(.+?)\r?$/m.exec(raw)?.[1], data: jsonIn(data), raw };
}

const written = ({ name, data, raw = '' }: JsonEvent): string =>
  data === undefined ? raw : `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
