/** A picture of 2 x 2 points. */
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==';
export const picture = (name: string): File =>
  new File([new Uint8Array(Buffer.from(PICTURE, 'base64'))], name, { type: 'image/png' });
