/** Headers of every answer, flat as `writeHead` takes them. */
export const baseHeaders: readonly string[] = [
  'X-Content-Type-Options',
  'nosniff',
  'X-Frame-Options',
  'DENY',
  'Referrer-Policy',
  'no-referrer',
  'Cross-Origin-Opener-Policy',
  'same-origin',
];

/** The policy of answers that are no pages: whoever opens one in a browser runs nothing of it. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'";

/**
 * The policy of the webapp's page: everything from this server alone, and no inline script but the one that carries
 * the nonce (it sets the colour scheme before the first paint). Inline styles are allowed because the component
 * library writes its variables and responsive rules as `<style>` elements and attributes.
 */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self' ws: wss:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
