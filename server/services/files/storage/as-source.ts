/** Bytes that are all there, as a storage takes them. */
export async function* asSource(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
