/** Returns the value of a text in JSON, or undefined if it is not JSON, for example because it is truncated. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
