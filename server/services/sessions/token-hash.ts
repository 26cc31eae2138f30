import { hash } from 'node:crypto';

/** What is kept of a token. It has 130 random bits, so one fast round keeps it as safe as a slow one would. */
export const hashOf = (token: string): string => hash('sha256', token, 'base64url');
