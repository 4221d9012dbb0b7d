/** A request as seen by a responder: a `Request`, or a cheaper substitute with the same methods. */
export interface UpstreamRequest extends Pick<Request, 'method' | 'url' | 'body' | 'json' | 'arrayBuffer' | 'signal'> {
  readonly headers: Pick<Headers, 'get' | typeof Symbol.iterator>;
}
