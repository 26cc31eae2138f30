import type { Checker } from './checker.ts';
import { composeChecker } from './compose.ts';
import { deadCodeChecker } from './dead-code.ts';
import { docsLinksChecker } from './docs-links.ts';
import { formatChecker } from './format.ts';
import { importRulesChecker } from './import-rules.ts';
import { lintChecker } from './lint.ts';
import { sizeBudgetChecker } from './size-budget.ts';
import { sourceRulesChecker } from './source-rules.ts';
import { typesChecker, webappTypesChecker } from './types.ts';

/** The slow ones first, so that no core waits at the end. */
export const allCheckers: readonly Checker[] = [
  lintChecker,
  webappTypesChecker,
  typesChecker,
  deadCodeChecker,
  importRulesChecker,
  sizeBudgetChecker,
  formatChecker,
  composeChecker,
  sourceRulesChecker,
  docsLinksChecker,
];
