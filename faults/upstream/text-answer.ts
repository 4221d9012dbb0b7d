/**
 * An answer whose text is there: what is delivered as it is, or made a `Response` where something wants one. A `Response` of
 * its own, with ten headers checked one by one, costs as much as everything else that a plain completion takes.
 */
export class TextAnswer {
  readonly status: number;
  readonly text: string;
  /** By names in lower case. */
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

/** What a route answers. Both kinds let headers be set. */
export type Answer = Response | TextAnswer;

export const asResponse = (answer: Answer): Response => (answer instanceof TextAnswer ? answer.toResponse() : answer);
