import type { FileInfo } from '../../../contract/index.ts';
import type { StoredFile } from '../../stores/files/index.ts';

/** A file as the API shows it. */
export function presentFile(file: StoredFile, postId = file.postId): FileInfo {
  return {
    id: file.id,
    user_id: file.creatorId,
    post_id: postId,
    channel_id: file.channelId,
    create_at: file.createAt,
    update_at: file.updateAt,
    delete_at: 0,
    name: file.name,
    extension: file.extension,
    size: file.size,
    mime_type: file.mimeType,
    width: file.width,
    height: file.height,
    has_preview_image: file.width > 0,
    archived: false,
  };
}
