import type { SqlVocabulary } from '../../database/index.ts';

/** A channel of the API as JSON text, out of `channels c`. `more` are further members. */
export function channelJson(sql: SqlVocabulary, more: Readonly<Record<string, string>> = {}): string {
  return sql.jsonText({
    id: 'c.id',
    create_at: 'c.createat',
    update_at: 'c.updateat',
    delete_at: 'c.deleteat',
    team_id: 'c.teamid',
    type: 'c.type',
    display_name: 'c.displayname',
    name: 'c.name',
    header: 'c.header',
    purpose: 'c.purpose',
    last_post_at: 'c.lastpostat',
    total_msg_count: 'c.totalmsgcount',
    total_msg_count_root: 'c.totalmsgcountroot',
    last_root_post_at: 'c.lastrootpostat',
    extra_update_at: 'c.extraupdateat',
    creator_id: 'c.creatorid',
    scheme_id: 'NULL',
    props: 'NULL',
    group_constrained: 'NULL',
    shared: 'NULL',
    ...more,
  });
}
