/** An observed value, or the reason why it could not be observed. */
export type Seen<T> = { readonly value: T } | { readonly missing: string };

/** Returns the result of `look`, or the reason why it failed. */
export async function seen<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return { missing: cause?.code ? `${message} (${cause.code})` : message };
  }
}
