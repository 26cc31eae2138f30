declare global {
  // The scroll lock of the dialogs reads its nonce from this name and from nowhere else.
  var __webpack_nonce__: string | undefined;
}

/** The nonce of this page's content policy, which every style element made by script must carry. */
export function pageNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

globalThis.__webpack_nonce__ = pageNonce();
