import { interruption } from '../../harness/commands/interruption.ts';
import { words } from '../support/services.ts';
import { usage } from '../support/usage.ts';
import { proveDefects } from './prove-defects.ts';
import { proveServices } from './prove-services.ts';
import { proveAll } from './proving.ts';

/**
 * Implements `make prove`: services with a known defect, and then mutants on the wire. DEFECT and SERVICE select one of
 * the two. The last lines of both are printed at the end.
 */
const [defects, services] = [words('DEFECT'), words('SERVICE')];
if (defects && services) usage('DEFECT and SERVICE are two parts of `make prove`: choose one');
const parts = [...(services ? [] : [proveDefects]), ...(defects ? [] : [proveServices])];
const { lines, code } = await proveAll(parts, interruption(console.error));
console.log(lines.join('\n'));
process.exitCode = code;
