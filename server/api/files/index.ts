import type { IncomingHttpHeaders } from 'node:http';
import { createUploadRequest } from '../../../contract/index.ts';
import { AppError, type Attachments, type Chat, type FileContent } from '../../services/index.ts';
import { Answer, bytesOf, Download, flagOf, isForm, type RouteSpec, route, throwAway } from '../http/index.ts';
import { receiveBody, receiveForm } from './receive-upload.ts';

/** Files: uploads, downloads, and what is told of them. */
export function createFilesRoutes({ attachments }: Pick<Chat, 'attachments'>): RouteSpec[] {
  return [...uploadRoutes(attachments), ...downloadRoutes(attachments), ...infoRoutes(attachments)];
}

function uploadRoutes({ receiving, uploads }: Attachments): RouteSpec[] {
  return [
    route({ method: 'post', path: '/files', access: 'session', status: 201 }, async ({ caller, query, incoming }) => {
      const receive = isForm(incoming) ? receiveForm : receiveBody;
      try {
        return await receive(receiving, caller, { query, incoming });
      } finally {
        throwAway(incoming);
      }
    }),
    route(
      { method: 'post', path: '/uploads', access: 'session', body: createUploadRequest, status: 201 },
      ({ caller, body }) => uploads.create(caller, body),
    ),
    route({ method: 'get', path: '/uploads/:upload_id', access: 'session' }, ({ caller, params }) =>
      uploads.get(caller, params.upload_id),
    ),
    route({ method: 'post', path: '/uploads/:upload_id', access: 'session' }, async ({ caller, params, incoming }) => {
      try {
        if (isForm(incoming)) throw unsupported();
        const file = await uploads.receive(caller, params.upload_id, bytesOf(incoming));
        return file ?? new Answer(undefined, { status: 204 });
      } finally {
        throwAway(incoming);
      }
    }),
  ];
}

function unsupported(): AppError {
  return new AppError('api.context.unsupported_media_type.app_error', { params: { type: 'multipart/form-data' } });
}

function downloadRoutes({ files }: Attachments): RouteSpec[] {
  return [
    route({ method: 'get', path: '/files/:file_id', access: 'session' }, async ({ caller, params, query }) =>
      downloadOf(await files.content(caller, params.file_id), flagOf(query, 'download')),
    ),
    route({ method: 'get', path: '/files/:file_id/thumbnail', access: 'session' }, async ({ caller, params, query }) =>
      downloadOf(await files.rendition(caller, params.file_id, 'thumbnail'), flagOf(query, 'download')),
    ),
    route({ method: 'get', path: '/files/:file_id/preview', access: 'session' }, async ({ caller, params, query }) =>
      downloadOf(await files.rendition(caller, params.file_id, 'preview'), flagOf(query, 'download')),
    ),
    route({ method: 'get', path: '/files/:file_id/public', access: 'public' }, async ({ params, query }) =>
      downloadOf(await files.publicContent(params.file_id, query.get('h') ?? ''), flagOf(query, 'download')),
    ),
  ];
}

/** A file never changes under its id; who has it may keep it for a week. */
function downloadOf(content: FileContent, save: boolean): Download {
  return new Download({
    contentType: content.mimeType,
    size: content.size,
    etag: `"${content.etag}"`,
    modifiedAt: content.modifiedAt,
    cache: 'private, max-age=604800',
    name: content.name,
    save: save || !content.shown,
    open: (range) => content.open(range),
  });
}

/** It leads back to whoever sent these headers, and to nobody else. */
function askedAt({ host = '', 'x-forwarded-proto': scheme }: IncomingHttpHeaders): string {
  return `${scheme === 'https' ? 'https' : 'http'}://${host}`;
}

function infoRoutes({ files }: Attachments): RouteSpec[] {
  return [
    route({ method: 'get', path: '/files/:file_id/info', access: 'session' }, ({ caller, params }) =>
      files.info(caller, params.file_id),
    ),
    route({ method: 'get', path: '/files/:file_id/link', access: 'session' }, ({ caller, params, headers }) =>
      files.link(caller, params.file_id, askedAt(headers)),
    ),
    route({ method: 'get', path: '/posts/:post_id/files/info', access: 'session' }, ({ caller, params }) =>
      files.ofPost(caller, params.post_id),
    ),
  ];
}
