/** Where a server listens. No host means all interfaces; port 0 means any free port. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

/** Parses `127.0.0.1:8065`, `[::1]:8065`, `:8065`; undefined when it is none of these. */
export const parseListenAddress = (text: string): ListenAddress | undefined => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:[\]/]*)):(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) return undefined;
  return { host: match[1] ?? (match[2] || undefined), port };
};
