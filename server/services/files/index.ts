export { type Attachments, createAttachments, createFileGround, type FileGround } from './create-attachments.ts';
export { drawIncoming } from './draw-incoming.ts';
export { type FileRules, orRefuse, requireSize } from './file-rules.ts';
export type { FileContent } from './file-service.ts';
export { asSource, type ByteSource } from './storage/index.ts';
export { presentFile } from './present-file.ts';
export { type ReceivedFile, ReceiveFiles } from './receive-files.ts';
export { type UserImage, UserImages } from './user-images.ts';
