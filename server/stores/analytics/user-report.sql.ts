import type { SqlVocabulary } from '../../database/index.ts';
import { type BuiltQuery, codeOf, type QueryPart, statementOnce, valuesOf } from '../built-query.ts';
import { likeText } from '../like-text.ts';
import { namesIn } from '../users/index.ts';

/** Which users are counted; an empty list of roles does not matter. */
export interface UserCountFilter {
  readonly inTeam: string | undefined;
  readonly inChannel: string | undefined;
  readonly includeDeleted: boolean;
  readonly roles: readonly string[];
  /** Of the team: whether admins, and whether others are wanted. Both or none: it does not matter. */
  readonly teamPlaces: Places;
  readonly channelPlaces: Places;
}

export interface Places {
  readonly admins: boolean;
  readonly others: boolean;
}

export interface ReportFilter {
  readonly role: string;
  readonly withoutTeam: boolean;
  readonly teamId: string;
  readonly hideActive: boolean;
  readonly hideInactive: boolean;
  /** Beginnings of names, separated by spaces. */
  readonly term: string;
}

export const reportColumns = {
  Username: 'u.username',
  Email: 'u.email',
  CreateAt: 'u.createat',
  FirstName: 'u.firstname',
  LastName: 'u.lastname',
  Nickname: 'u.nickname',
} as const;

export interface ReportPage {
  readonly column: keyof typeof reportColumns;
  readonly descending: boolean;
  /** The last row that was seen; left out for the first page. */
  readonly after?: { readonly value: string | number; readonly id: string } | undefined;
  /** Rows before that one instead of those after it. */
  readonly backwards: boolean;
  readonly limit: number;
}

interface Condition extends QueryPart {
  /** Its text; `place` is the placeholder of its value. */
  readonly text: (sql: SqlVocabulary, place: string) => string;
}

/** Like Mattermost: `system_user` is whoever has no other role. */
const hasRole = (role: string): Condition =>
  role === 'system_user'
    ? { code: 'su', text: () => `u.roles = 'system_user'` }
    : {
        code: 'ro',
        text: (_, place) => `' ' || u.roles || ' ' LIKE '% ' || ${place} || ' %'`,
        value: likeText(role),
      };

function placeText(alias: string, { admins, others }: Places): string {
  if (admins === others) return '';
  return admins ? ` AND ${alias}.schemeadmin` : ` AND NOT ${alias}.schemeadmin`;
}

const placeCode = ({ admins, others }: Places): string => (admins === others ? '' : admins ? 'a' : 'o');

const memberOfTeam = (places: Places, place: string): string =>
  `EXISTS (SELECT 1 FROM teammembers m WHERE m.userid = u.id AND m.teamid = ${place} AND m.deleteat = 0${placeText('m', places)})`;
const memberOfChannel = (places: Places, place: string): string =>
  `EXISTS (SELECT 1 FROM channelmembers m WHERE m.userid = u.id AND m.channelid = ${place}${placeText('m', places)})`;

function countConditions(filter: UserCountFilter): Condition[] {
  const { inTeam, inChannel, teamPlaces, channelPlaces } = filter;
  return [
    ...(filter.includeDeleted ? [] : [{ code: 'ac', text: () => 'u.deleteat = 0' }]),
    ...(inTeam === undefined
      ? []
      : [
          {
            code: `it${placeCode(teamPlaces)}`,
            text: (_: SqlVocabulary, place: string) => memberOfTeam(teamPlaces, place),
            value: inTeam,
          },
        ]),
    ...(inChannel === undefined
      ? []
      : [
          {
            code: `ic${placeCode(channelPlaces)}`,
            text: (_: SqlVocabulary, place: string) => memberOfChannel(channelPlaces, place),
            value: inChannel,
          },
        ]),
  ];
}

const anyPlace: Places = { admins: true, others: true };
const NAMES = ['u.username', 'u.nickname', 'u.firstname', 'u.lastname', 'u.email'];

function reportConditions(filter: ReportFilter): Condition[] {
  const found: Condition[] = namesIn(filter.term).map((word) => ({
    code: 'w',
    text: (sql, place) => `(${NAMES.map((name) => sql.startsWith(name, place)).join(' OR ')})`,
    value: likeText(word),
  }));
  if (filter.role !== '') found.push(hasRole(filter.role));
  if (filter.hideActive) found.push({ code: 'ia', text: () => 'u.deleteat > 0' });
  if (filter.hideInactive) found.push({ code: 'ac', text: () => 'u.deleteat = 0' });
  if (filter.withoutTeam) {
    const text = () => 'NOT EXISTS (SELECT 1 FROM teammembers m WHERE m.userid = u.id AND m.deleteat = 0)';
    found.push({ code: 'wt', text });
  } else if (filter.teamId !== '') {
    found.push({ code: 'it', text: (_, place) => memberOfTeam(anyPlace, place), value: filter.teamId });
  }
  return found;
}

function textsOf(sql: SqlVocabulary, conditions: readonly Condition[], firstPlace: number): string[] {
  let place = firstPlace;
  return conditions.map(({ text, value }) => text(sql, value === undefined ? '' : `$${place++}`));
}

const whereOf = (texts: readonly string[]): string => (texts.length === 0 ? '' : `WHERE ${texts.join(' AND ')}`);

/** How many users; any of the roles will do. */
export function countQuery(filter: UserCountFilter): BuiltQuery {
  const conditions = countConditions(filter);
  const roles = filter.roles.map(hasRole);
  const text = (sql: SqlVocabulary): string => {
    const all = textsOf(sql, conditions, 1);
    const anyRole = textsOf(sql, roles, valuesOf(conditions).length + 1);
    return `SELECT COUNT(*) AS n FROM users u ${whereOf([...all, ...(anyRole.length > 0 ? [`(${anyRole.join(' OR ')})`] : [])])}`;
  };
  return {
    statement: statementOnce(`analytics.users.${codeOf(conditions)}.${codeOf(roles)}`, text),
    values: [...valuesOf(conditions), ...valuesOf(roles)],
  };
}

export function reportCountQuery(filter: ReportFilter): BuiltQuery {
  const conditions = reportConditions(filter);
  const text = (sql: SqlVocabulary) => `SELECT COUNT(*) AS n FROM users u ${whereOf(textsOf(sql, conditions, 1))}`;
  return {
    statement: statementOnce(`analytics.report_count.${codeOf(conditions)}`, text),
    values: valuesOf(conditions),
  };
}

/** A page of the report, keys first: what is looked up for a row is looked up for the rows of the page only. */
export function reportQuery(filter: ReportFilter, page: ReportPage, columns: string): BuiltQuery {
  const conditions = reportConditions(filter);
  const column = reportColumns[page.column];
  const down = page.descending !== page.backwards;
  const [order, beyond] = down ? ['DESC', '<'] : ['ASC', '>'];
  const { after } = page;
  const text = (sql: SqlVocabulary): string => {
    const cursor = `(${column} ${beyond} $2 OR (${column} = $2 AND u.id ${beyond} $3))`;
    const texts = [...textsOf(sql, conditions, after ? 4 : 2), ...(after ? [cursor] : [])];
    const keys = `SELECT u.id FROM users u ${whereOf(texts)} ORDER BY ${column} ${order}, u.id ${order} LIMIT $1`;
    const final = page.descending ? 'DESC' : 'ASC';
    return `SELECT ${columns} FROM (${keys}) page JOIN users u ON u.id = page.id ORDER BY ${column} ${final}, u.id ${final}`;
  };
  const name = `analytics.report.${page.column}${page.descending ? 'd' : 'a'}${after ? (page.backwards ? 'p' : 'n') : ''}`;
  return {
    statement: statementOnce(`${name}.${codeOf(conditions)}`, text),
    values: [page.limit, ...(after ? [after.value, after.id] : []), ...valuesOf(conditions)],
  };
}
