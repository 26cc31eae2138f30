/** 32 random hexadecimal digits. Browsers keep `crypto.randomUUID` to https and localhost; a server in one's own network has neither. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
