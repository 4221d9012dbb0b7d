import { jsonIn } from '../../../faults/base/json-in.ts';

/** Returns the message in a log line. In a line of JSON, this is the field that well-known logging libraries use. */
export function messageIn(line: string): string {
  const { msg, message, event } = Object(jsonIn(line));
  return [msg, message, event].find((text) => typeof text === 'string') ?? line;
}
