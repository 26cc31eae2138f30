import { Fragment } from 'react';

/** `host:port/database`, which may break before the port and before the database and nowhere else. */
export function SourceName({ name }: { name: string }) {
  return name.split(/(?=[:/])/).map((part, index) => (
    <Fragment key={`${index} ${part}`}>
      <wbr />
      {part}
    </Fragment>
  ));
}
