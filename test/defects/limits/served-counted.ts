import { contractOf } from './contract-of.ts';

/** A service whose limit counts only requests that are served. */
export default contractOf('first-request', 'served');
