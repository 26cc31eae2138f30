/** Fields that Mattermost's own server sends as null where nothing is set: pointers of its model. */
const MAY_BE_NULL = /\.(scheme_id|group_constrained|shared|policy_id|participants|banner_info|mini_preview|props)$/;
const IS_FLAG = /\.((is|has|allow|scheme)_(?!id$|managed_by)\w+|muted|collapsed|manual|exists|archived|enabled)$/;
/** Maps of settings: both sides are texts. */
const IS_TEXT_MAP = /\.(notify_props|timezone)$|^\/users\b.*\.props$|^\/(config|license)\/client$|^\/jobs\b.*\.data$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Where an answer is looser than clients in strict languages take: a null, a number or a flag as a text, a flag as a
 * number. Drivers of databases give such values, and JSON hides none of them.
 *
 * @param path the path of the route, then the place in its answer.
 */
export function looseValues(value: unknown, path: string): string[] {
  if (value === null) return MAY_BE_NULL.test(path) ? [] : [`${path} is null`];
  if (Array.isArray(value)) return value.flatMap((item) => looseValues(item, `${path}[]`));
  if (typeof value === 'object') return looseFields(value as Record<string, unknown>, path);
  if (typeof value === 'string' && NUMBER.test(value)) return [`${path} is a text: ${JSON.stringify(value)}`];
  return IS_FLAG.test(path) && typeof value !== 'boolean' ? [`${path} is no flag: ${JSON.stringify(value)}`] : [];
}

function looseFields(fields: Record<string, unknown>, path: string): string[] {
  const entries = Object.entries(fields);
  if (!IS_TEXT_MAP.test(path)) return entries.flatMap(([name, value]) => looseValues(value, `${path}.${name}`));
  return entries.filter(([, value]) => typeof value !== 'string').map(([name]) => `${path}.${name} is no text`);
}
