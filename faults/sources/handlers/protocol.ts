/** The first and only message from the process that serves handlers. */
export type FromHandlers =
  | { readonly ready: true; readonly port: number; readonly token: string; readonly origin: string }
  | { readonly ready: false; readonly code: string; readonly message: string };

/** The header with the process's token, which only its parent knows. Everyone on the machine can reach the port. */
export const TOKEN = 'proofload-token';

/**
 * The header that marks a response that doesn't come from a handler. It contains the reason, URL-encoded. The status is
 * 404 if no handler matches the request, and otherwise the status of the error to send.
 */
export const UNSERVED = 'proofload-unserved';
