import type { Causality } from '../../database/index.ts';
import type { Logger } from '../../observability/index.ts';
import type { FileStore, UploadSessionStore } from '../../stores/files/index.ts';
import type { PostStore } from '../../stores/posts/index.ts';
import type { ChannelAccesses } from '../channel-access/index.ts';
import type { FileRules } from './file-rules.ts';
import { FileService } from './file-service.ts';
import { createPictureTool, type PictureTool } from './images/picture-tool.ts';
import { ReceiveFiles } from './receive-files.ts';
import { createLocalStorage, type FileStorage } from './storage/index.ts';
import { createTidyFiles } from './tidy-files.ts';
import { UploadService } from './upload-service.ts';

/** What files need beside the chat. */
export interface FileGround {
  readonly storage: FileStorage;
  readonly pictures: PictureTool;
  readonly rules: () => FileRules;
  /** A causality that belongs to no user. */
  readonly detached: () => Causality;
}

/** Files in a folder of this machine. `picturesAtOnce`: how many pictures are worked on at a time. */
export function createFileGround(options: {
  readonly folder: string;
  readonly picturesAtOnce: number;
  readonly rules: () => FileRules;
  readonly detached: () => Causality;
}): FileGround {
  const { folder, picturesAtOnce, rules, detached } = options;
  const pictures = createPictureTool(() => rules().maxPixels, picturesAtOnce);
  return { storage: createLocalStorage(folder), pictures, rules, detached };
}

export interface AttachmentsDeps extends FileGround {
  readonly files: FileStore;
  readonly uploads: UploadSessionStore;
  readonly posts: PostStore;
  readonly access: ChannelAccesses;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Attachments {
  readonly files: FileService;
  /** Takes in whole files. */
  readonly receiving: ReceiveFiles;
  /** Takes in files by pieces. */
  readonly uploads: UploadService;
  /** Removes what nobody will come back for; to be called now and then. Never fails. */
  tidy(): Promise<void>;
}

export function createAttachments(deps: AttachmentsDeps): Attachments {
  const receiving = new ReceiveFiles(deps);
  return {
    files: new FileService(deps),
    receiving,
    uploads: new UploadService({ ...deps, receiving }),
    tidy: createTidyFiles(deps),
  };
}
