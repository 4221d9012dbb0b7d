/** Maximum number of bytes of a body that are read. Real APIs accept and send less, with few exceptions. */
export const MOST_BODY_BYTES = 16 * 2 ** 20;

/**
 * Reads a body up to 16 MiB. The rest is not read.
 *
 * @param body Leaving its iterator must end it, so that a body without an end stops. null if there is none.
 */
export async function beginningOfBody(
  body: AsyncIterable<Uint8Array> | null,
): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > MOST_BODY_BYTES) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES), isWhole: length <= MOST_BODY_BYTES };
}

/**
 * Reads a whole body.
 *
 * @throws Error if it is larger than 16 MiB
 */
export async function wholeBody(body: AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  const { bytes, isWhole } = await beginningOfBody(body);
  if (isWhole) return bytes;
  throw new Error(`a body is larger than ${MOST_BODY_BYTES / 2 ** 20} MiB`);
}
