import type { FileInfo, Post } from '../../../contract/index.ts';
import type { FileStore } from '../../stores/files/index.ts';
import type { PatchedFiles, PostPatch, StoredPost } from '../../stores/posts/index.ts';
import type { Caller } from '../base/caller.ts';
import { presentFile } from '../files/index.ts';
import { hashtagsOf } from './mentions.ts';

/** What an edit changes; `files` is absent when they stay as they are. */
export interface PostChange extends PostPatch {
  readonly files?: PatchedFiles;
}

/**
 * The files that an edit asks for, when they are not what the post has. Whether they may hang on it, the writing
 * transaction judges; here they are only looked up, to be shown with it.
 */
export async function changedFiles(
  store: Pick<FileStore, 'ofCreator'>,
  caller: Caller,
  post: StoredPost,
  wanted: readonly string[] | undefined,
): Promise<PostChange> {
  if (wanted === undefined) return {};
  const ids = [...new Set(wanted)];
  const current = JSON.parse(post.json) as Post;
  if (isSame(ids, current.file_ids)) return {};
  const known = new Map((current.metadata.files ?? []).map((file) => [file.id, file]));
  const others = ids.filter((id) => !known.has(id));
  const uploads = others.length === 0 ? new Map<string, never>() : await store.ofCreator(caller.userId, others);
  for (const file of uploads.values()) known.set(file.id, presentFile(file, post.id));
  return { files: patchedFiles(caller, ids, known) };
}

/** What brings a former version of a post back. */
export function restoredContent(caller: Caller, post: StoredPost, version: StoredPost): PostChange {
  const { message, file_ids: ids, metadata } = JSON.parse(version.json) as Post;
  const text = { message, hashtags: hashtagsOf(message) };
  if (isSame(ids, (JSON.parse(post.json) as Post).file_ids)) return text;
  return { ...text, files: patchedFiles(caller, ids, new Map((metadata.files ?? []).map((file) => [file.id, file]))) };
}

function patchedFiles(caller: Caller, ids: readonly string[], known: ReadonlyMap<string, FileInfo>): PatchedFiles {
  const shown = ids.map((id) => known.get(id)).filter((file) => file !== undefined);
  return { ids, json: shown.length === 0 ? '' : JSON.stringify(shown), creatorId: caller.userId };
}

function isSame(ids: readonly string[], others: readonly string[]): boolean {
  return ids.length === others.length && ids.every((id, place) => id === others[place]);
}
