/**
 * A causal token: the least position that the next read of its holder must have reached. Opaque outside of
 * `database/`. Text form: `<cluster>.<timeline>.<position>`, safe in a header.
 */
export type Token = string & { readonly __token: unique symbol };

/**
 * What one user has written or been told of: a lower bound for the reads of all their sessions. Writes raise it, and
 * the tokens of events that reached them; nothing lowers it.
 */
export interface Causality {
  readonly token: Token | undefined;
  /** Moves the bound up to `token`; a token that is behind, or undefined, changes nothing. */
  raise(token: Token | undefined): void;
}
