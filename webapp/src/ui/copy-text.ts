/**
 * Puts text on the clipboard. Browsers give `navigator.clipboard` to https and localhost only; elsewhere the old way
 * is left. False when neither works.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard === undefined) return copyBySelection(text);
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  // oxlint-disable-next-line typescript/no-deprecated -- the only way where the clipboard is withheld from plain http
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}
