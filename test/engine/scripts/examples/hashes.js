// says: true hello hello
// says: 900150983cd24fb0d6963f7d28e17f72 kAFQmDzST7DWlj99KOF/cg==
// says: e80b5017098950fc58aad83c8c14978e
// says: true
import crypto from 'k6/crypto';
import encoding from 'k6/encoding';

export default function () {
  const encoded = encoding.b64encode('hello', null);
  console.log(
    encoded === 'aGVsbG8=',
    encoding.b64decode(encoded, null, 's'),
    encoding.b64decode(encoded, undefined, 's'),
  );
  // A digest can be read more than once, and more data can be added afterwards.
  const hasher = crypto.createHash('md5');
  hasher.update('abc');
  console.log(hasher.digest('hex'), hasher.digest('base64'));
  hasher.update('def');
  console.log(hasher.digest('hex'));
  const mac = crypto.createHMAC('sha256', 'key');
  mac.update('abc');
  console.log(mac.digest('hex') === crypto.hmac('sha256', 'key', 'abc', 'hex') && mac.digest('hex').length === 64);
}
