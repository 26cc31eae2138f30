import type { DataSourceStatus, RotationRequest } from '../../contract/index.ts';
import type { DatabaseControl } from '../database/index.ts';
import { AppError } from '../services/index.ts';
import type { EventLog } from './event-log.ts';

export interface RotationDeps {
  readonly control: Pick<DatabaseControl, 'changeRotation' | 'status'>;
  readonly events: EventLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Takes a replica out of the rotation or puts it back, for `actor`; answers with how it stands then. */
export type Rotation = (actor: string, request: RotationRequest) => DataSourceStatus;

export function createRotation({ control, events, now }: RotationDeps): Rotation {
  return (actor, { source, in: back, accept_last: acceptLast = false }) => {
    const result = control.changeRotation({ name: source, by: back ? null : actor, acceptLast });
    if (result === 'unknown') throw notFound(source);
    if (result === 'master') throw new AppError('api.database.rotation_master.app_error', { params: { name: source } });
    if (result === 'last') throw new AppError('api.database.rotation_last.app_error', { params: { name: source } });
    if (result === 'changed') {
      const text = back
        ? `${actor} put ${source} back into the rotation.`
        : `${actor} took ${source} out of the rotation.`;
      const kind = back ? 'put_back' : 'taken_out';
      events.record({ at: now(), kind, severity: back ? 'info' : 'warning', source, text, detail: {} }, actor);
    }
    const status = control.status().sources.find((each) => each.name === source);
    if (status === undefined) throw notFound(source);
    return status;
  };
}

export const notFound = (name: string): AppError =>
  new AppError('api.database.source_not_found.app_error', { params: { name } });
