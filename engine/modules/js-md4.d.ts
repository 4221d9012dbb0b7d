declare module 'js-md4' {
  /** Returns the MD4 digest of bytes. */
  export function arrayBuffer(message: Uint8Array): ArrayBuffer;
}
