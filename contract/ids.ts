import { z } from 'zod';

/** 26 letters or digits. New ids come from the server; Mattermost accepts any 26 alphanumerics, and so do we. */
export const id = z.string().regex(/^[a-z0-9]{26}$/);

/** Milliseconds since 1970-01-01 UTC; 0 means "not set". */
export const millis = z.int().nonnegative();

/** Mattermost's string maps (`props` of users, `notify_props`, `timezone`): both sides are strings. */
export const stringMap = z.record(z.string(), z.string());
