/** Returns the error that a call is rejected with. */
// biome-ignore lint/suspicious/noExplicitAny: the tests assert the shape
export async function errorOf(call: Promise<unknown>): Promise<any> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}
