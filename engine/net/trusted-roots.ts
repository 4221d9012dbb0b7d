import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecureContext, SecureContextOptions } from 'node:tls';
import { orNothing } from '../base/or-nothing.ts';

/** The places of Go's certificates on Linux: the first file that exists, and all directories. */
const FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const FOLDERS = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

/**
 * Reads the certificates in `SSL_CERT_FILE` and `SSL_CERT_DIR` (directories separated by colons) like Go: each variable
 * replaces the system's file or directories, and the other default still applies. Unreadable files are skipped.
 * Certificates in Node's `NODE_EXTRA_CA_CERTS` are added.
 *
 * @returns undefined if neither variable is set, in which case Node's built-in list applies.
 */
export function readTrustedRoots(environment: Readonly<Record<string, string | undefined>>): string[] | undefined {
  const { SSL_CERT_FILE: file, SSL_CERT_DIR: folders, NODE_EXTRA_CA_CERTS: extra } = environment;
  if (!file && !folders) return undefined;
  const found = new Set<string>();
  const add = (path: string): boolean => {
    const text = orNothing(() => readFileSync(path, 'latin1'));
    for (const [certificate] of text?.matchAll(CERTIFICATE) ?? [])
      if (isCertificate(certificate)) found.add(certificate);
    return text !== undefined;
  };
  if (extra) add(extra);
  (file ? [file] : FILES).some(add);
  for (const folder of folders ? folders.split(':') : FOLDERS)
    for (const name of orNothing(() => readdirSync(folder)) ?? []) add(join(folder, name));
  return [...found];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const isCertificate = (text: string): boolean => orNothing(() => new X509Certificate(text)) !== undefined;

/** Cache of secure contexts, because reading all certificates takes longer than connecting. */
const contexts = new Map<string, SecureContext>();

/** Returns a secure context that trusts only the given certificates. */
export function contextWith(roots: readonly string[], options: SecureContextOptions): SecureContext {
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  const key = JSON.stringify([roots.length, options]);
  const context = contexts.get(key) ?? createSecureContext({ ...options, ca: [...roots] });
  contexts.set(key, context);
  return context;
}
