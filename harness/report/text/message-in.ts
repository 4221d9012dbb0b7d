/** What a line of a log says to a person: of one in JSON its message, as the well-known libraries call it. */
export function messageIn(line: string): string {
  try {
    const { msg, message, event } = JSON.parse(line) ?? {};
    return [msg, message, event].find((text) => typeof text === 'string') ?? line;
  } catch {
    return line;
  }
}
