import type { ContractFile } from '../contract/contract.ts';

type Start = Omit<ContractFile['start'], 'readyPath' | 'readySeconds'>;

const STORE = '${folder}/trust.p12';

/** Returns a start of a JVM with a trust store that has the lab's certificate authority, which is a PEM file. */
export function withTrustStore(start: Start): Start {
  if (!start.command) return start;
  const keytool = `keytool -importcert -noprompt -alias lab -file "\${ca}" -keystore "${STORE}" -storetype PKCS12 -storepass changeit`;
  const options = `-Djavax.net.ssl.trustStore=${STORE} -Djavax.net.ssl.trustStorePassword=changeit`;
  const command = start.command.map(quoted).join(' ');
  return { ...start, command: ['sh', '-c', `${keytool} && JAVA_TOOL_OPTIONS="${options}" exec ${command}`] };
}

const quoted = (word: string): string =>
  /^[\w./:=,@%+${}-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
