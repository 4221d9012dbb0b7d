/** The first and only message of the process that serves handlers. */
export type FromHandlers =
  | { readonly ready: true; readonly port: number; readonly origin: string }
  | { readonly ready: false; readonly code: string; readonly message: string };

/** The header of an answer that stands for none: no handler answers. */
export const UNSERVED = 'proofload-unserved';
