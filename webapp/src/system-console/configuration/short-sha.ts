/** A version as people compare it by eye, as on the layer strip. */
export const shortSha = (sha: string): string => sha.slice(0, 7);
