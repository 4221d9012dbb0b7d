import { catchDefects, needsBurst } from './catch-defects.ts';

catchDefects((defect) => !needsBurst(defect));
