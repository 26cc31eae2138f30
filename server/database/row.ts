/** A value that may be bound to a placeholder. Arrays and objects go through `sql.rows`, as JSON text. */
export type SqlValue = string | number | boolean | bigint | Date | null;

/** A row as the driver gives it: BIGINT columns are numbers (all of ours fit), booleans are booleans. */
export type Row = Record<string, unknown>;
