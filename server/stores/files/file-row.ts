import type { Row } from '../../database/index.ts';

/** An uploaded file. */
export interface StoredFile {
  readonly id: string;
  readonly creatorId: string;
  readonly channelId: string;
  /** Empty until the file hangs on a post. */
  readonly postId: string;
  readonly createAt: number;
  readonly updateAt: number;
  readonly name: string;
  /** In lower case, without the dot. */
  readonly extension: string;
  readonly mimeType: string;
  /** In bytes. */
  readonly size: number;
  /** In pixels; 0 for what is no picture. */
  readonly width: number;
  readonly height: number;
}

export interface FileRow extends Row {
  readonly id: string;
  readonly creatorid: string;
  readonly channelid: string;
  readonly postid: string;
  readonly createat: number;
  readonly updateat: number;
  readonly name: string;
  readonly extension: string;
  readonly mimetype: string;
  readonly size: number;
  readonly width: number;
  readonly height: number;
}

/** The columns of `FileRow` out of `fileinfo f`. */
export const fileColumns = `f.id, f.creatorid, f.channelid, f.postid, f.createat, f.updateat, f.name, f.extension,
  f.mimetype, f.size, f.width, f.height`;

export function toFile(row: FileRow): StoredFile {
  return {
    id: row.id,
    creatorId: row.creatorid,
    channelId: row.channelid,
    postId: row.postid,
    createAt: row.createat,
    updateAt: row.updateat,
    name: row.name,
    extension: row.extension,
    mimeType: row.mimetype,
    size: row.size,
    width: row.width,
    height: row.height,
  };
}
