import type { ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column<T> {
  readonly name: string;
  readonly cell: (row: T) => ReactNode;
  /** The column that names the row. */
  readonly header?: boolean;
  /** For numbers: right-aligned, digits of one width. */
  readonly numeric?: boolean;
  /** The column's name is for screen readers only; the column itself stays in sight. */
  readonly hiddenName?: boolean;
}

interface DataTableProps<T> {
  /** The table's accessible name. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string | number;
}

/**
 * A table that becomes a list of labelled cards on narrow screens. The roles are written out because a browser drops
 * those of a table whose `display` is changed.
 */
export function DataTable<T>({ label, columns, rows, rowKey }: DataTableProps<T>) {
  return (
    // A table that is wider than its panel scrolls, and the keyboard must be able to scroll it.
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={label}>
      <table className={classes.table} role="table" aria-label={label}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ name, numeric, hiddenName }) => (
              <th key={name} role="columnheader" scope="col" data-numeric={numeric} data-pinned={hiddenName}>
                {hiddenName ? <span className="visually-hidden">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map((column) => (
                <Cell key={column.name} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<T>({ column, row }: { column: Column<T>; row: T }) {
  const content = (
    <>
      <span className={classes.label} aria-hidden="true">
        {column.hiddenName ? '' : column.name}
      </span>
      <div className={classes.content}>{column.cell(row)}</div>
    </>
  );
  return column.header ? (
    <th role="rowheader" scope="row">
      {content}
    </th>
  ) : (
    <td role="cell" data-numeric={column.numeric} data-pinned={column.hiddenName}>
      {content}
    </td>
  );
}
