/** Something that was seen, or why it was not. */
export type Seen<T> = { readonly value: T } | { readonly missing: string };

/** What `look` gives, or why it gave nothing. */
export async function seen<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return { missing: cause?.code ? `${message} (${cause.code})` : message };
  }
}
