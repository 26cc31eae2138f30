/** Which pages may open a socket with the user's cookie. */
export interface OriginRules {
  /** `ServiceSettings.SiteURL`; empty when not set. */
  readonly siteUrl: string;
  /** `ServiceSettings.AllowCorsFrom`: origins separated by spaces, or `*`; empty by default. */
  readonly allowCorsFrom: string;
}

/**
 * Whether a page of this origin may connect. Browsers send cookies with websockets that any site opens and do not ask
 * before, so without this check a foreign page could read along. Programs send no `Origin` and pass.
 */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, rules: OriginRules): boolean {
  if (origin === undefined) return true;
  const parsed = parse(origin);
  if (!parsed) return false;
  if (parsed.host === host) return true;
  if (parsed.origin === parse(rules.siteUrl)?.origin) return true;
  const allowed = rules.allowCorsFrom.split(' ');
  return allowed.includes('*') || allowed.includes(parsed.origin);
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
