import { contractOf } from './contract-of.ts';

/** A service whose limit counts a share of the previous window. */
export default contractOf('weighted', 'all');
