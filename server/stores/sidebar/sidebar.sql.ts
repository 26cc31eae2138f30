import { type BoundStatement, bind, statement } from '../../database/index.ts';

/** Whose sidebar, and of which team. */
export interface SidebarPlace {
  readonly userId: string;
  readonly teamId: string;
}

/**
 * All categories with their channels, in order. A channel that was put nowhere is in the category of its kind, after those
 * that were put there. $1 user, $2 team, $3 and $4 the categories of channels and of direct messages.
 */
export const FIND = statement(
  'sidebar.find',
  `SELECT s.id, s.sortorder, s.sorting, s.type, s.displayname, s.muted, s.collapsed, p.channelid
   FROM sidebarcategories s LEFT JOIN (
     SELECT m.channelid, c.displayname, sc.sortorder AS place,
       COALESCE(sc.categoryid, CASE WHEN c.type IN ('O', 'P') THEN $3 ELSE $4 END) AS categoryid
     FROM channelmembers m JOIN channels c ON c.id = m.channelid
     LEFT JOIN sidebarchannels sc ON sc.userid = $1 AND sc.teamid = $2 AND sc.channelid = m.channelid
     WHERE m.userid = $1 AND c.teamid IN ($2, '') AND (c.deleteat = 0 OR sc.categoryid IS NOT NULL)
   ) p ON p.categoryid = s.id
   WHERE s.userid = $1 AND s.teamid = $2
   ORDER BY s.sortorder, s.id, p.place IS NULL, p.place, p.displayname, p.channelid`,
);

/** Only a member of the team has a sidebar there. $1 user, $2 team, $3 the categories. */
export const INSERT_DEFAULTS = statement(
  'sidebar.insert_defaults',
  (sql) => `
  INSERT INTO sidebarcategories (id, userid, teamid, sortorder, sorting, type, displayname)
  SELECT r.id, t.userid, t.teamid, r.place, r.sorting, r.type, r.name
  FROM ${sql.rows('$3', { id: 'text', place: 'bigint', sorting: 'text', type: 'text', name: 'text' }, 'r')}
  JOIN teammembers t ON t.teamid = $2 AND t.userid = $1 AND t.deleteat = 0
  ORDER BY r.id
  ${sql.orIgnore('sidebarcategories', ['id'])}`,
);

/** What older clients called a favourite before there was a sidebar. $1 user, $2 team, $3 the favourites. */
export const ADOPT_FAVORITES = statement(
  'sidebar.adopt_favorites',
  (sql) => `
  INSERT INTO sidebarchannels (userid, teamid, channelid, categoryid, sortorder)
  SELECT s.userid, s.teamid, c.id, s.id, 0
  FROM preferences p JOIN channels c ON c.id = p.name JOIN channelmembers m ON m.channelid = c.id AND m.userid = $1
  JOIN sidebarcategories s ON s.id = $3
  WHERE p.userid = $1 AND p.category = 'favorite_channel' AND p.value = 'true' AND c.teamid IN ($2, '')
  ORDER BY c.id
  ${sql.orIgnore('sidebarchannels', ['userid', 'teamid', 'channelid'])}`,
);

/** $1 user, $2 team, $3 id, $4 name, $5 sorting, $6 muted, $7 collapsed. */
export const INSERT = statement(
  'sidebar.insert',
  (sql) => `
  INSERT INTO sidebarcategories (id, userid, teamid, sortorder, sorting, type, displayname, muted, collapsed)
  VALUES ($3, $1, $2, 0, $5, 'custom', $4, $6, $7) ${sql.orIgnore('sidebarcategories', ['id'])}`,
);

/** $1 user, $2 team, $3 id, $4 name, $5 sorting, $6 muted, $7 collapsed. */
export const UPDATE = statement(
  'sidebar.update',
  `UPDATE sidebarcategories SET displayname = CASE WHEN type = 'custom' THEN $4 ELSE displayname END,
     sorting = $5, muted = $6, collapsed = $7
   WHERE id = $3 AND userid = $1 AND teamid = $2`,
);

/** $1 user, $2 team, $3 id, $4 place. */
export const SET_PLACE = statement(
  'sidebar.set_place',
  'UPDATE sidebarcategories SET sortorder = $4 WHERE id = $3 AND userid = $1 AND teamid = $2',
);

export const REMOVE = statement(
  'sidebar.remove',
  `DELETE FROM sidebarcategories WHERE id = $3 AND userid = $1 AND teamid = $2 AND type = 'custom'`,
);

/** Takes all channels out of a category. $1 user, $2 team, $3 category. */
export const EMPTY = statement(
  'sidebar.empty',
  'DELETE FROM sidebarchannels WHERE userid = $1 AND teamid = $2 AND categoryid = $3',
);

/** Puts channels of the user into a category, out of whichever they are in. $1 user, $2 team, $3 category, $4 channels. */
export const FILL = statement(
  'sidebar.fill',
  (sql) => `
  INSERT INTO sidebarchannels (userid, teamid, channelid, categoryid, sortorder)
  SELECT s.userid, s.teamid, c.id, s.id, r.place
  FROM ${sql.rows('$4', { id: 'text', place: 'bigint' }, 'r')} JOIN channels c ON c.id = r.id AND c.teamid IN ($2, '')
  JOIN channelmembers m ON m.channelid = c.id AND m.userid = $1
  JOIN sidebarcategories s ON s.id = $3 AND s.userid = $1 AND s.teamid = $2
  ORDER BY c.id
  ${sql.orUpdate(['userid', 'teamid', 'channelid'], ['categoryid', 'sortorder'])}`,
);

/** What is in this category is no favourite. $1 user, $2 team, $3 category. */
export const FORGET_PREFERENCES = statement(
  'sidebar.forget_preferences',
  `DELETE FROM preferences WHERE userid = $1 AND category = 'favorite_channel' AND name IN (
     SELECT sc.channelid FROM sidebarchannels sc WHERE sc.userid = $1 AND sc.teamid = $2 AND sc.categoryid = $3)`,
);

/** What is in this category is a favourite. $1 user, $2 team, $3 category. */
export const SAVE_PREFERENCES = statement(
  'sidebar.save_preferences',
  (sql) => `
  INSERT INTO preferences (userid, category, name, value)
  SELECT sc.userid, 'favorite_channel', sc.channelid, 'true' FROM sidebarchannels sc
  WHERE sc.userid = $1 AND sc.teamid = $2 AND sc.categoryid = $3 ORDER BY sc.channelid
  ${sql.orUpdate(['userid', 'category', 'name'], ['value'])}`,
);

/** Those that are favourites stay where they are among them. $1 user, $2 channels. */
const ADD_FAVORITES = statement(
  'sidebar.add_favorites',
  (sql) => `
  INSERT INTO sidebarchannels (userid, teamid, channelid, categoryid, sortorder)
  SELECT s.userid, s.teamid, c.id, s.id, 0
  FROM ${sql.rows('$2', { id: 'text' }, 'r')} JOIN channels c ON c.id = r.id
  JOIN channelmembers m ON m.channelid = c.id AND m.userid = $1
  JOIN sidebarcategories s ON s.userid = $1 AND s.type = 'favorites' AND (c.teamid = '' OR c.teamid = s.teamid)
  WHERE NOT EXISTS (SELECT 1 FROM sidebarchannels o
    WHERE o.userid = $1 AND o.teamid = s.teamid AND o.channelid = c.id AND o.categoryid = s.id)
  ORDER BY s.teamid, c.id
  ${sql.orUpdate(['userid', 'teamid', 'channelid'], ['categoryid', 'sortorder'])}`,
);

/** $1 user, $2 channels. */
const REMOVE_FAVORITES = statement(
  'sidebar.remove_favorites',
  (sql) => `
  DELETE FROM sidebarchannels WHERE userid = $1
    AND channelid IN (SELECT r.id FROM ${sql.rows('$2', { id: 'text' }, 'r')})
    AND categoryid IN (SELECT s.id FROM sidebarcategories s WHERE s.userid = $1 AND s.type = 'favorites')`,
);

/** For the transaction that saves or removes the preference: the sidebars of all teams follow it. */
export function followFavorites(
  userId: string,
  channels: readonly { readonly id: string; readonly isFavorite: boolean }[],
): BoundStatement[] {
  const list = (isFavorite: boolean) =>
    channels.filter((channel) => channel.isFavorite === isFavorite).map(({ id }) => ({ id }));
  const [added, removed] = [list(true), list(false)];
  return [
    ...(added.length === 0 ? [] : [bind(ADD_FAVORITES, userId, JSON.stringify(added))]),
    ...(removed.length === 0 ? [] : [bind(REMOVE_FAVORITES, userId, JSON.stringify(removed))]),
  ];
}

/** $1 channel, $2 team. */
const FORGET_PLACES = statement(
  'sidebar.forget_places',
  `DELETE FROM sidebarchannels WHERE teamid = $2 AND channelid = $1
     AND userid IN (SELECT m.userid FROM channelmembers m WHERE m.channelid = $1)`,
);

/** For the transaction that takes a channel out of a team: it is in no sidebar of that team any more. */
export function forgetPlaces(channelId: string, teamId: string): BoundStatement {
  return bind(FORGET_PLACES, channelId, teamId);
}
