export type { ColumnType, SqlVocabulary } from './vocabulary.ts';
