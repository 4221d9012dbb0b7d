/**
 * A response whose complete text is known. It is sent directly, or converted to a `Response` if necessary. Creating a
 * `Response` with ten validated headers costs as much as everything else for a non-streaming completion.
 */
export class TextAnswer {
  readonly status: number;
  readonly text: string;
  /** Headers with lower-case names. */
  readonly headers: Map<string, string>;

  constructor(status: number, contentType: string, text: string) {
    this.status = status;
    this.text = text;
    this.headers = new Map([
      ['content-type', contentType],
      ['content-length', String(Buffer.byteLength(text))],
    ]);
  }

  toResponse(): Response {
    return new Response(this.text, { status: this.status, headers: [...this.headers] });
  }
}

/** A route's response. The headers of both types can be changed. */
export type Answer = Response | TextAnswer;

export const asResponse = (answer: Answer): Response => (answer instanceof TextAnswer ? answer.toResponse() : answer);
