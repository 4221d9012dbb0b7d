import { z } from 'zod';

/** The name of a part of a contract, such as an upstream. It may be used in paths, labels and commands unchanged. */
export const name = z
  .string()
  .regex(
    /^(?!__proto__$)\w[\w.-]{0,63}$/,
    'a name has up to 64 letters (a-z, A-Z), digits, "_", "-" and ".", begins with a letter, a digit or "_", and is not __proto__',
  );

/**
 * The name of an endpoint, such as `POST /ask: "why?" (v2)`. Without control and invisible characters, it is one line
 * that looks the same everywhere. `__proto__` would be lost as the key of an object.
 */
export const endpointName = z
  .string()
  .regex(
    /^(?!__proto__$)(?=.{1,200}$)[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u,
    'the name of an endpoint has up to 200 letters, digits and punctuation marks, with single spaces between words, no other blanks, no control or invisible characters, and is not __proto__',
  );
