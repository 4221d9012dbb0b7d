const FIRST_EVENT_MS = 1_000;
const STALL_MS = 2_000;

/**
 * Yields the events of a streamed answer (see assistant-service.ts).
 *
 * @param open Sends the request. The signal is aborted if an event comes too late.
 * @throws if the first or the next event comes too late, if one of them tells of an error, and if the last is missing
 */
export async function* eventsOf(
  open: (late: AbortSignal) => Promise<Response>,
  defect: string | undefined,
): AsyncGenerator<string> {
  const late = new AbortController();
  let timer = setTimeout(() => late.abort(), FIRST_EVENT_MS);
  const restart = () => {
    clearTimeout(timer);
    if (defect !== 'stalled-stream-waited-for') timer = setTimeout(() => late.abort(), STALL_MS);
  };
  try {
    const response = await open(late.signal);
    if (!response.ok) throw new Error(`the LLM responded with ${response.status}`);
    if (defect === 'first-event-timeout-ends-with-the-headers') clearTimeout(timer);
    const decoder = new TextDecoder();
    let text = '';
    let last = '';
    for await (const chunk of response.body ?? []) {
      if (defect === 'keep-alives-prolong-the-timeout') restart();
      text += decoder.decode(chunk, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events.filter((line) => !line.startsWith(':'))) {
        restart();
        if (event.includes('"error"')) {
          if (defect === 'error-in-a-stream-passed-on') return yield event;
          if (defect === 'error-in-a-stream-swallowed') return;
          throw new Error('the LLM failed');
        }
        last = event;
        if (event !== DONE || defect !== 'last-event-left-out') yield event;
      }
    }
    if (last !== DONE) throw new Error('the stream ended too early');
  } finally {
    clearTimeout(timer);
  }
}

const DONE = 'data: [DONE]';
