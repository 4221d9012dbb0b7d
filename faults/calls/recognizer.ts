/** Recognizes the calls on a single connection to a TCP server, based on the bytes that pass. */
export interface Recognizer {
  /** Returns the names of the calls that begin when the connection is accepted. */
  accepted?(): string[];
  /** Returns the names of the calls that are complete with these bytes from the client, in order. */
  sent(bytes: Buffer): string[];
  /** Called when bytes from the server are passed to the client. */
  answered?(): void;
}
