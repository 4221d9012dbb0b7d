import { expect, test } from 'vitest';
import { answerChallenge } from '../../../engine/http/digest.ts';
import { parseGoUrl } from '../../../engine/net/go-url.ts';

const URL = parseGoUrl('http://Mufasa:Circle%20Of%20Life@host/dir/index.html');

test('answers the challenge of RFC 2617, section 3.5', () => {
  const challenge =
    'Digest realm="testrealm@host.com", qop=auth, nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41", cnonce="0a4f113b"';
  const header = answerChallenge(challenge, 'GET', URL, '');
  expect(header).toMatch(/^Digest realm="testrealm@host.com", qop=auth, /);
  expect(header).toContain('response="6629fae49393a05397450978507c4ef1"');
  expect(header).toContain('username="Mufasa", uri="/dir/index.html"');
  expect(header).toContain('nc=00000001');
});

test('accepts realm names with spaces, and handles an invalid challenge', () => {
  expect(answerChallenge('Digest realm="a, b", nonce="x"', 'GET', URL, '')).toContain('realm="a b"');
  expect(answerChallenge('', 'GET', URL, '')).toMatch(/^Digest username="Mufasa"/);
});
