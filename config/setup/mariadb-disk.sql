-- Lets Holdfast read how full the disks of its MariaDB servers are.
--
-- Who runs it: root (who has the privileges FILE and SUPER), once on the master and then on each replica, in the database
-- that Holdfast uses:
--   mariadb holdfast < config/setup/mariadb-disk.sql
-- The plugin is installed on each server by itself. It is part of the full server package (mariadb-server), not of a
-- core-only one. The function reaches the replicas by replication: on a server that is read-only nothing is written.
--
-- What it allows: whoever may execute functions of this database reads the size of the mounted file systems, and nothing
-- else. The plugin alone answers only accounts with the privilege FILE, who may read and write files of the server. The
-- function runs with root's rights, so that the account of Holdfast need not have it.
--
-- It can be run again at any time. To undo it: DROP FUNCTION holdfast_disk; UNINSTALL SONAME 'disks';
INSTALL PLUGIN IF NOT EXISTS DISKS SONAME 'disks';

EXECUTE IMMEDIATE IF(@@read_only, 'DO 0',
  'CREATE OR REPLACE FUNCTION holdfast_disk() RETURNS longtext CHARSET utf8mb4
     READS SQL DATA
     SQL SECURITY DEFINER
     RETURN (
       SELECT JSON_ARRAYAGG(JSON_OBJECT(''path'', Path, ''used'', Used, ''available'', Available))
       FROM information_schema.DISKS
     )');
