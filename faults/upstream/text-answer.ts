/**
 * A response with a complete text. It is sent as it is, or converted to a `Response` if needed. Creating a `Response`
 * with ten validated headers costs as much as the rest of a plain completion.
 */
export class TextAnswer {
  readonly status: number;
  readonly text: string;
  /** The names are in lower case. */
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

/** The response of a route. The headers of both kinds can be changed. */
export type Answer = Response | TextAnswer;

export const asResponse = (answer: Answer): Response => (answer instanceof TextAnswer ? answer.toResponse() : answer);
