import { AppError, type RecordAudit } from '../../services/index.ts';
import type { RouteSpec } from './route.ts';

/** The handler of a route, with a word to the audits when it has ended, well or badly. */
export function withAudit({ definition, handle }: RouteSpec, record: RecordAudit | undefined): RouteSpec['handle'] {
  if (record === undefined) return handle;
  return async (input) => {
    const { caller, params, address } = input;
    const action = `/api/v4${definition.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '')}`;
    const note = (extra: string): void =>
      record({ userId: caller?.userId ?? '', action, extra, address, sessionId: caller?.sessionId ?? '' });
    try {
      const value = await handle(input);
      note('success');
      return value;
    } catch (error) {
      note(`fail - ${error instanceof AppError ? error.id : 'error'}`);
      throw error;
    }
  };
}
