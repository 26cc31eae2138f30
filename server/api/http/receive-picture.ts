import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { announcedBytes, isForm, readForm } from './incoming.ts';
import { invalidBodyParam } from './url.ts';

/**
 * A form whose one file is called `image`, as the pictures of users and teams come.
 *
 * @throws AppError 400 for any other form; whatever `checkSize` and `take` throw.
 */
export async function receivePicture(
  incoming: IncomingMessage,
  picture: { readonly checkSize: (bytes: number) => void; readonly take: (bytes: Readable) => Promise<void> },
): Promise<void> {
  if (!isForm(incoming)) throw invalidBodyParam('image');
  picture.checkSize(announcedBytes(incoming));
  let taken = false;
  await readForm(incoming, {
    field: () => undefined,
    async file(name, _filename, bytes) {
      if (name !== 'image' || taken) throw invalidBodyParam('image');
      taken = true;
      await picture.take(bytes);
    },
  });
  if (!taken) throw invalidBodyParam('image');
}
