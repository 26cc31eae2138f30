export type FilePart = 'original' | 'thumbnail' | 'preview';

interface Dated {
  readonly id: string;
  readonly createAt: number;
}

/** Where a file and what was drawn from it lie: a folder a day, so that none grows without end. */
export function folderOf({ id, createAt }: Dated): string {
  return `files/${new Date(createAt).toISOString().slice(0, 10)}/${id}`;
}

export function fileKey(file: Dated, part: FilePart): string {
  return `${folderOf(file)}/${part}`;
}

/** The pieces of an upload that is under way. */
export function uploadKey(id: string): string {
  return `uploads/${id}`;
}
