import { contractOf } from './contract-of.ts';

/** A service with a limit for all clients together. */
export default contractOf('together', 'all');
