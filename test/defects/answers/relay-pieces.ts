/** The number of tokens that an answer has cost. */
export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

/** A part of a streamed answer. */
export interface Piece {
  readonly text: string;
  readonly choice: number;
  /** The last piece has it. */
  readonly usage?: Usage;
  readonly model: string;
}

const DONE = '[DONE]';
const ANY_END = /\r\n|\r|\n/;

/**
 * Yields the pieces of a streamed completion (see relay-service.ts).
 *
 * @throws if one of them tells of an error, and if the last is missing
 */
export async function* piecesOf(response: Response, defect: string | undefined): AsyncGenerator<Piece> {
  let isDone = false;
  for await (const line of linesOf(response, defect)) {
    const data = /^data: ?(.*)$/.exec(line)?.[1];
    isDone ||= data === DONE;
    if (data === undefined || data === DONE) continue;
    const piece = pieceIn(data, defect);
    if (piece) yield piece;
  }
  if (!isDone) throw new Error('the answer ended too early');
}

async function* linesOf({ body }: Response, defect: string | undefined): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    const isWhole = defect !== 'characters-cut-at-a-chunk-border';
    const decoded = decoder.decode(chunk, { stream: isWhole });
    if (defect === 'event-split-at-a-line-end' && decoded.trim() === '') continue;
    const lines = `${text}${decoded}`.split(endOf(decoded, defect));
    text = lines.pop() ?? '';
    yield* lines;
    if (defect === 'piece-lost-at-a-chunk-border') text = '';
  }
  if (text !== '') yield text;
}

/** Returns how lines of a chunk end. */
function endOf(chunk: string, defect: string | undefined): RegExp | string {
  if (defect === 'lines-that-end-with-cr-not-read') return /\r?\n/;
  return defect === 'line-end-guessed-in-each-chunk' ? (ANY_END.exec(chunk)?.[0] ?? '\n') : ANY_END;
}

function pieceIn(data: string, defect: string | undefined): Piece | undefined {
  const { choices = [], usage, model, error } = parsed(data, defect);
  if (error) throw new Error('the LLM failed');
  const [{ index = 0, delta = {} } = {}] = choices;
  const text = delta.content ?? delta.tool_calls?.[0]?.function?.arguments ?? '';
  return text === '' && !usage ? undefined : { text, choice: index, model, ...(usage && { usage }) };
}

/** Returns an event as JSON. With these defects, an event that can't be read is skipped. */
function parsed(data: string, defect = '') {
  try {
    return JSON.parse(data);
  } catch (error) {
    if (['event-split-at-a-line-end', 'piece-lost-at-a-chunk-border'].includes(defect)) return {};
    throw error;
  }
}
