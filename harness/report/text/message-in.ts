/** Returns the message in a log line. In a line of JSON, this is the field that well-known logging libraries use. */
export function messageIn(line: string): string {
  try {
    const { msg, message, event } = JSON.parse(line) ?? {};
    return [msg, message, event].find((text) => typeof text === 'string') ?? line;
  } catch {
    return line;
  }
}
