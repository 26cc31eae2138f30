import { DatabaseError } from '../errors.ts';

/** A server may answer COMMIT of a failed transaction with ROLLBACK and no error: nothing was saved then. */
export function assertCommitted(command: string | undefined): void {
  if (command === 'COMMIT') return;
  throw new DatabaseError('The transaction was rolled back: one of its statements had failed before.', {
    kind: 'statement',
    outcome: 'final',
  });
}
