/**
 * Keys, and parts of keys, from documentation, tutorials and templates. They are normalized to lower-case letters and
 * digits for {@link isKnownKey}.
 */
const KNOWN = [
  'changeme',
  'changethis',
  'changeit',
  'changeinproduction',
  'changebeforeproduction',
  'replaceme',
  'replacethis',
  'replacewith',
  'yoursecret',
  'yourstrong',
  'yourkey',
  'yourverysecret',
  'your256bit',
  'mysecretkey',
  'supersecret',
  'verysecret',
  'topsecret',
  'notsosecret',
  'secretkeyhere',
  'keygoeshere',
  'placeholder',
  'insecure',
  'donotuse',
  'devsecret',
  'devkey',
  'development',
  'exampleonly',
  'examplekey',
  'examplesecret',
  'somerandomstring',
  'randomstring',
  'generateme',
  'opensslrand',
  'keyboardcat',
  'password123',
  'qwertyuiop',
  'loremipsum',
  'deadbeef',
  'astringsecretatleast256bitslong',
  // Published in FastAPI and Flask tutorials.
  '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
  '192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf',
];

/** Whether a key is or contains a well-known key. */
export function isKnownKey(key: string): boolean {
  const plain = key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return KNOWN.some((known) => plain.includes(known));
}
