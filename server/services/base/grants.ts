/**
 * What each role brings, by the role's name, at one moment. It never changes: a request decides by what was true when it
 * came in. Names of permissions may be of a later version of the server.
 */
export type Grants = ReadonlyMap<string, ReadonlySet<string>>;
