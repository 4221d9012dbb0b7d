/** The first and only message from the process that serves handlers. */
export type FromHandlers =
  | { readonly ready: true; readonly port: number; readonly origin: string }
  | { readonly ready: false; readonly code: string; readonly message: string };

/**
 * The header of an answer that is not a handler's: why there is none, encoded as in URLs. Its status is 404 if no handler
 * is for the request, else that of the error to send.
 */
export const UNSERVED = 'proofload-unserved';
