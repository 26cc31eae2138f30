import type { SidebarCategory, SidebarCategoryType } from '../../../contract/index.ts';
import { type BoundStatement, bind, type Causality, type Database, type Row } from '../../database/index.ts';
import {
  ADOPT_FAVORITES,
  EMPTY,
  FILL,
  FIND,
  FORGET_PREFERENCES,
  INSERT,
  INSERT_DEFAULTS,
  REMOVE,
  SAVE_PREFERENCES,
  SET_PLACE,
  type SidebarPlace,
  UPDATE,
} from './sidebar.sql.ts';

/** What a user may change of a category. */
export interface CategoryChange {
  readonly id: string;
  readonly type: SidebarCategoryType;
  readonly displayName: string;
  readonly sorting: SidebarCategory['sorting'];
  readonly muted: boolean;
  readonly collapsed: boolean;
  readonly channelIds: readonly string[];
}

/** Every method answers the whole sidebar as it is then, in its order. */
export interface SidebarStore {
  /** Makes the three default categories when they are not there; empty for who is not in the team. */
  categories(causality: Causality, place: SidebarPlace): Promise<SidebarCategory[]>;
  /** Makes a category of the type `custom`. `order` has the ids of all, the new one's as well. */
  create(
    causality: Causality,
    place: SidebarPlace,
    category: CategoryChange,
    order: readonly string[],
  ): Promise<SidebarCategory[]>;
  /** Changes categories and what is in them; the preferences of favourites follow. */
  update(causality: Causality, place: SidebarPlace, changes: readonly CategoryChange[]): Promise<SidebarCategory[]>;
  reorder(causality: Causality, place: SidebarPlace, order: readonly string[]): Promise<SidebarCategory[]>;
  /** Removes a category that the user has made; its channels go back to where their kind is. */
  remove(causality: Causality, place: SidebarPlace, id: string): Promise<SidebarCategory[]>;
}

/** Mattermost's distance between two places. */
const DISTANCE = 10;
const DEFAULTS = [
  { type: 'favorites', name: 'Favorites', sorting: '' },
  { type: 'channels', name: 'Channels', sorting: '' },
  { type: 'direct_messages', name: 'Direct Messages', sorting: 'recent' },
] as const;

const defaultId = (type: SidebarCategoryType, { userId, teamId }: SidebarPlace) => `${type}_${userId}_${teamId}`;

const REPEATABLE = { onUnknown: 'repeatable' } as const;

interface CategoryRow extends Row {
  readonly id: string;
  readonly sortorder: number;
  readonly sorting: SidebarCategory['sorting'];
  readonly type: SidebarCategoryType;
  readonly displayname: string;
  readonly muted: boolean;
  readonly collapsed: boolean;
  readonly channelid: string | null;
}

export function createSidebarStore(database: Database): SidebarStore {
  const after = async (causality: Causality, place: SidebarPlace, change: readonly BoundStatement[]) => {
    const answers = await database.writeAll(causality, [...change, bind(FIND, ...findValues(place))], REPEATABLE);
    return categoriesOf(place, (answers.at(-1) ?? []) as CategoryRow[]);
  };
  return {
    async categories(causality, place) {
      const found = await database.read<CategoryRow>(causality, FIND, ...findValues(place));
      return found.length > 0 ? categoriesOf(place, found) : after(causality, place, makeDefaults(place));
    },
    create: (causality, place, category, order) =>
      after(causality, place, [
        bind(INSERT, ...changeValues(place, category)),
        ...fill(place, category),
        ...setPlaces(place, order),
      ]),
    update(causality, place, changes) {
      // In the order of their ids, so that two devices wait for each other instead of deadlocking.
      const sorted = changes.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      return after(causality, place, [
        ...sorted.map((change) => bind(UPDATE, ...changeValues(place, change))),
        ...sorted.filter(isArranged).flatMap((change) => empty(place, change)),
        ...sorted.filter(isArranged).flatMap((change) => fill(place, change)),
      ]);
    },
    reorder: (causality, place, order) => after(causality, place, setPlaces(place, order)),
    remove: (causality, place, id) =>
      after(
        causality,
        place,
        [REMOVE, EMPTY].map((each) => bind(each, place.userId, place.teamId, id)),
      ),
  };
}

/** Direct messages are there because they are nowhere else; nobody arranges them. */
const isArranged = ({ type }: CategoryChange): boolean => type !== 'direct_messages';

const findValues = (place: SidebarPlace) =>
  [place.userId, place.teamId, defaultId('channels', place), defaultId('direct_messages', place)] as const;

const changeValues = ({ userId, teamId }: SidebarPlace, change: CategoryChange) =>
  [userId, teamId, change.id, change.displayName, change.sorting, change.muted, change.collapsed] as const;

/** Their ids are made of the user's and the team's: two who make them at once make the same. */
function makeDefaults(place: SidebarPlace): BoundStatement[] {
  const { userId, teamId } = place;
  const rows = DEFAULTS.map(({ type, name, sorting }, index) => ({
    id: defaultId(type, place),
    place: index * DISTANCE,
    sorting,
    type,
    name,
  }));
  return [
    bind(INSERT_DEFAULTS, userId, teamId, JSON.stringify(rows)),
    bind(ADOPT_FAVORITES, userId, teamId, defaultId('favorites', place)),
  ];
}

function empty({ userId, teamId }: SidebarPlace, { id, type }: CategoryChange): BoundStatement[] {
  const forget = type === 'favorites' ? [bind(FORGET_PREFERENCES, userId, teamId, id)] : [];
  return [...forget, bind(EMPTY, userId, teamId, id)];
}

function fill({ userId, teamId }: SidebarPlace, { id, type, channelIds }: CategoryChange): BoundStatement[] {
  const rows = [...new Set(channelIds)].map((channelId, index) => ({ id: channelId, place: index * DISTANCE }));
  return [
    bind(FILL, userId, teamId, id, JSON.stringify(rows)),
    bind(type === 'favorites' ? SAVE_PREFERENCES : FORGET_PREFERENCES, userId, teamId, id),
  ];
}

function setPlaces({ userId, teamId }: SidebarPlace, order: readonly string[]): BoundStatement[] {
  const places = order.map((id, index) => ({ id, place: index * DISTANCE }));
  return places
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, place }) => bind(SET_PLACE, userId, teamId, id, place));
}

function categoriesOf({ userId, teamId }: SidebarPlace, rows: readonly CategoryRow[]): SidebarCategory[] {
  const found = new Map<string, SidebarCategory>();
  for (const row of rows) {
    const category = found.get(row.id) ?? {
      id: row.id,
      user_id: userId,
      team_id: teamId,
      sort_order: row.sortorder,
      sorting: row.sorting,
      type: row.type,
      display_name: row.displayname,
      muted: row.muted,
      collapsed: row.collapsed,
      channel_ids: [],
    };
    if (row.channelid !== null) category.channel_ids.push(row.channelid);
    found.set(row.id, category);
  }
  return [...found.values()];
}
