/**
 * The end of a `CREATE TABLE` of MySQL or MariaDB: texts compare by their bytes and to their last space, as they do in
 * PostgreSQL. The two engines have such a collation under different names; each reads its own out of the comment that only
 * it executes (MySQL from 8.0.17).
 */
export const mysqlTable =
  'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 /*!80017 COLLATE utf8mb4_0900_bin */ /*M! COLLATE utf8mb4_nopad_bin */';
