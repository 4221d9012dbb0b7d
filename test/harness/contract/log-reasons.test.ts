import { expect, test } from 'vitest';
import { reasonIn } from '../../../harness/contract/log-reasons.ts';

const TABLE = 'no table "answers"';

test.for([
  ['error: relation "answers" does not exist', TABLE],
  ['{"level":50,"err":{"message":"relation \\"answers\\" does not exist"}}', TABLE],
  ['sqlite3.OperationalError: no such table: answers', TABLE],
  ['The table `public.answers` does not exist in the current database.', 'no table "public.answers"'],
  ["pymysql.err.ProgrammingError: (1146, \"Table 'shop.answers' doesn't exist\")", 'no table "shop.answers"'],
  ['error: column "price" of relation "answers" does not exist', 'no column "price"'],
  ['ERROR: column answers.price does not exist', 'no column "answers.price"'],
  ['FATAL:  role "shop" does not exist', 'no role "shop"'],
  ['FATAL:  database "shop" does not exist', '"shop", which is not the lab\'s database'],
  ['FATAL:  password authentication failed for user "shop"', '"shop", which is not the lab\'s database'],
  ['ERROR: extension "vector" is not available', 'no extension "vector"'],
  ['could not open extension control file "/usr/share/postgresql/extension/vector.control"', 'no extension "vector"'],
  ['ERROR: type "vector" does not exist', 'lacks "vector"'],
  ['ERROR: function uuid_generate_v4() does not exist', 'lacks "uuid_generate_v4"'],
  ['2026/12/07 12:40:10 pq: SSL is not enabled on the server', '`${postgres}?sslmode=disable`'],
  ["Error: Cannot find module 'express'", 'module express is missing'],
  ["ModuleNotFoundError: No module named 'flask_limiter'", 'module flask_limiter is missing'],
  ['cannot load such file -- rack/attack (LoadError)', 'module rack/attack is missing'],
  ['Caused by: java.lang.ClassNotFoundException: org.postgresql.Driver', 'module org.postgresql.Driver is missing'],
  ['Error: self-signed certificate in certificate chain', 'does not trust'],
  ['ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed', 'does not trust'],
  ['sun.security.validator.ValidatorException: PKIX path building failed', 'does not trust'],
  ['Get "https://127.0.0.1:4": tls: x509: certificate signed by unknown authority', 'does not trust'],
  ['Error: listen EADDRINUSE: address already in use :::3000', 'has port 3000'],
  ['OSError: [Errno 98] Address already in use', 'has its port'],
  ['Error: connect ECONNREFUSED 127.0.0.1:5432', 'nothing listens at 127.0.0.1:5432'],
  ['dial tcp 127.0.0.1:6379: connect: connection refused', 'nothing listens at 127.0.0.1:6379'],
  ['connection to server at "localhost" (::1), port 5432 failed: Connection refused', 'nothing listens at "localhost"'],
  ['httpx.ConnectError: [Errno 111] Connection refused', 'nothing listens at an address that it calls'],
] as const)('"%s" is said in words: %s', ([line, words]) => {
  expect(reasonIn(['starting', line])).toContain(words);
});

test('a log that names no reason has none', () => {
  expect(reasonIn(['starting', 'Error: no license'])).toBeUndefined();
});
