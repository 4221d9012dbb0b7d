import { catchDefects, needsBurst } from './catch-defects.ts';

catchDefects(needsBurst);
