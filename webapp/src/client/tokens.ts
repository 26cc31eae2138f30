let latest = '';

/** The causal token that the next read must have reached: the last one that an answer or an event brought. */
export const causalToken = {
  get: (): string => latest,
  keep: (token: string): void => {
    latest = token;
  },
};

/** The session's CSRF token, which the server leaves in a readable cookie. */
export function csrfToken(): string {
  const found = /(?:^|;\s*)MMCSRF=([^;]*)/.exec(document.cookie);
  return found?.[1] ?? '';
}
