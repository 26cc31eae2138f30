import type { IncomingMessage } from 'node:http';
import { webSocketPath, webSocketQuery } from '../../../contract/index.ts';
import { AppError, readCredentials } from '../../services/index.ts';
import type { ResumeRequest } from '../hub.ts';
import { isAllowedOrigin, type OriginRules } from '../origin.ts';

/** What a client says when it opens a socket. */
export interface Handshake {
  /** By cookie or `Authorization` header; without one the client signs in by its first message. */
  readonly token: string | undefined;
  readonly resume: ResumeRequest | undefined;
  readonly address: string;
}

/** Whether the request is for this transport. */
export function isForWebSocket({ url = '' }: IncomingMessage): boolean {
  return url === webSocketPath || url.startsWith(`${webSocketPath}?`);
}

/** @throws AppError: a page of another site, a query that makes no sense, a token in the address. */
export function readHandshake(request: IncomingMessage, rules: OriginRules): Handshake {
  const { headers, url = '' } = request;
  const { origin, host } = headers;
  if (!isAllowedOrigin(origin, host, rules)) {
    throw new AppError('api.web_socket.connect.upgrade.app_error', { params: { origin: origin ?? '' } });
  }
  const query = new URLSearchParams(url.slice(webSocketPath.length));
  const token = readCredentials(headers)?.token;
  if (token === undefined && query.has('access_token')) {
    throw new AppError('api.context.token_provided.app_error');
  }
  return { token, resume: resumeOf(query), address: request.socket.remoteAddress ?? '' };
}

function resumeOf(query: URLSearchParams): ResumeRequest | undefined {
  const checked = webSocketQuery.safeParse(Object.fromEntries(query));
  if (!checked.success) {
    const name = checked.error.issues[0]?.path.join('.') ?? 'query';
    throw new AppError('api.context.invalid_url_param.app_error', { params: { name } });
  }
  const { connection_id: connectionId, sequence_number: sequenceNumber = 0 } = checked.data;
  return connectionId === '' ? undefined : { connectionId, sequenceNumber };
}
