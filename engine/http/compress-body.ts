import { GoError } from '../base/errors.ts';

const COMPRESSORS = {
  gzip: 'gzipSync',
  deflate: 'deflateSync',
  zstd: 'zstdCompressSync',
  br: 'brotliCompressSync',
} as const;

export type Compression = keyof typeof COMPRESSORS;

/**
 * Parses the `compression` param: one algorithm, or several separated by commas.
 *
 * @throws GoError for an unknown algorithm
 */
export function readCompressions(given: unknown): readonly Compression[] {
  const text = String(given).trim();
  if (text === '') return [];
  return text.split(',').map((part) => {
    const name = part.trim();
    if (Object.hasOwn(COMPRESSORS, name)) return name as Compression;
    throw new GoError(`unknown compression algorithm ${name}, supported algorithms are [gzip deflate zstd br]`);
  });
}

/** Applies the compressions in the given order. */
export const compressBody = (body: Uint8Array, compressions: readonly Compression[]): Uint8Array =>
  compressions.reduce<Uint8Array>(
    (bytes, name) => process.getBuiltinModule('node:zlib')[COMPRESSORS[name]](bytes),
    body,
  );
