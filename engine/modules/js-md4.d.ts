declare module 'js-md4' {
  /** The MD4 of bytes. */
  export function arrayBuffer(message: Uint8Array): ArrayBuffer;
}
