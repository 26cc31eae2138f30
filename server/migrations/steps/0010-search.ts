import type { Migration } from '../migration.ts';

// Texts are cut into words as the questions are (`server/database/dialect/search-words.ts`). PostgreSQL uses an index only for the
// very text that it was made with: a test compares the two.

const { raw } = String;

const postgresSpaceless = raw`[\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3005-\u3007\u3041-\u309A\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF\u31F0-\u31FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7AF\uF900-\uFAFF\uFF66-\uFF9F\U00020000-\U0003FFFF]`;
const postgresSigns = raw`[!-/:-@\[-\u0060{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7\u037E\u0387\u055A-\u055F\u0589-\u058A\u05BE\u05C0\u05C3\u05C6\u05F3-\u05F4\u0600-\u060F\u061B-\u061F\u066A-\u066D\u06D4\u0700-\u070F\u0964-\u0965\u0970\u1360-\u1368\u1800-\u180A\u2000-\u2BFF\u2E00-\u2FFF\u3000-\u3004\u3008-\u3020\u3030\u303D\u309B-\u309C\u30A0\u30FB\u3200-\u321F\u322A-\u3247\u3260-\u327F\u328A-\u32B0\u32C0-\u33FF\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\uFFE0-\uFFFF\uFE00-\uFE1F\uFE30-\uFE6F\U0001F000-\U0001FAFF]`;
const postgresWords = (column: string): string =>
  raw`to_tsvector('simple', regexp_replace(regexp_replace(${column}, '(${postgresSpaceless})', ' \1 ', 'g'), '${postgresSigns}', ' ', 'g'))`;

const mysqlSpaceless = raw`[\\x{0E00}-\\x{0EFF}\\x{1000}-\\x{109F}\\x{1780}-\\x{17FF}\\x{3005}-\\x{3007}\\x{3041}-\\x{309A}\\x{309D}-\\x{309F}\\x{30A1}-\\x{30FA}\\x{30FC}-\\x{30FF}\\x{31F0}-\\x{31FF}\\x{3400}-\\x{4DBF}\\x{4E00}-\\x{9FFF}\\x{AC00}-\\x{D7AF}\\x{F900}-\\x{FAFF}\\x{FF66}-\\x{FF9F}\\x{20000}-\\x{3FFFF}]`;
/** Each engine passes over the replacement that only the other one understands. */
const mysqlWords = (column: string): string =>
  raw`REGEXP_REPLACE(REGEXP_REPLACE(CONCAT(' ', REGEXP_REPLACE(LOWER(${column}), '(${mysqlSpaceless})', /*M! ' \\1 ' */ /*!80000 ' $1 ' */), ' '), '(?:[^\\p{L}\\p{M}\\p{N}]|[\\x{2000}-\\x{2BFF}\\x{FE00}-\\x{FE0F}])+', ' '), '([^ ]{1,80})[^ ]*', /*M! '\\1__' */ /*!80000 '$1__' */)`;

/**
 * Full-text indexes of messages and of the names of files. They are built while nobody writes to the table: with a million
 * posts half a minute on PostgreSQL, two minutes on MariaDB, where the table is written anew (docs/guides/search.md).
 */
export const search: Migration = {
  version: 10,
  name: 'search',
  statements: {
    mysql: [
      `ALTER TABLE posts
        ADD COLUMN /*M! IF NOT EXISTS */ words_message MEDIUMTEXT AS (${mysqlWords('message')}) STORED,
        ADD KEY /*M! IF NOT EXISTS */ ix_posts_createat (createat),
        ADD KEY /*M! IF NOT EXISTS */ ix_posts_userid (userid, createat)`,
      'ALTER TABLE posts ADD FULLTEXT KEY /*M! IF NOT EXISTS */ ft_posts_message (words_message)',
      `ALTER TABLE fileinfo
        ADD COLUMN /*M! IF NOT EXISTS */ words_name MEDIUMTEXT AS (${mysqlWords('name')}) STORED`,
      'ALTER TABLE fileinfo ADD FULLTEXT KEY /*M! IF NOT EXISTS */ ft_fileinfo_name (words_name)',
    ],
    postgres: [
      `CREATE INDEX ft_posts_message ON posts USING gin (${postgresWords('message')})`,
      // For words that nearly every post has, the newest posts are looked through.
      'CREATE INDEX ix_posts_createat ON posts (createat)',
      'CREATE INDEX ix_posts_userid ON posts (userid, createat)',
      `CREATE INDEX ft_fileinfo_name ON fileinfo USING gin (${postgresWords('name')})`,
    ],
  },
};
