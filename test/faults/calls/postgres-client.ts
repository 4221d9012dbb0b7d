/** A message from a PostgreSQL client. */
export const message = (type: string, ...texts: string[]): Buffer => {
  const body = Buffer.from(texts.map((text) => `${text}\0`).join(''));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};

/** A startup message has no type. The code is that of version 3.0 unless it requests TLS. */
export const startup = (code = 196_608, text = 'user\0app\0\0'): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + text.length);
  head.writeUInt32BE(code, 4);
  return Buffer.concat([head, Buffer.from(text)]);
};
