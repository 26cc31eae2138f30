import { z } from 'zod';

/** Body of `PUT /config` and `PUT /config/patch`: section -> setting -> value. What is in it is checked against the settings of the server. */
export const configRequest = z.record(z.string(), z.unknown());

/** The configuration as `config.json` is written, its secrets masked. */
export const configAnswer = z.record(z.string(), z.record(z.string(), z.unknown()));
export type ConfigAnswer = z.infer<typeof configAnswer>;
