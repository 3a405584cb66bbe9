PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES('basis','3:1:name');
INSERT INTO meta VALUES('cluster','cluster');
INSERT INTO meta VALUES('id','abababababababababababababababab');
INSERT INTO meta VALUES('initialized','1');
INSERT INTO meta VALUES('model_hash','model');
INSERT INTO meta VALUES('primary_key','id');
INSERT INTO meta VALUES('secret','7');
INSERT INTO meta VALUES('settings_hash','settings');
INSERT INTO meta VALUES('shape','1');
INSERT INTO meta VALUES('source','{"database": "shop", "system": "postgres"}');
INSERT INTO meta VALUES('transaction_mark','2 cd 1 t');
INSERT INTO meta VALUES('whole_settings','1');
CREATE TABLE shape (number INTEGER PRIMARY KEY, columns TEXT NOT NULL);
INSERT INTO shape VALUES(1,'{"dialect":"postgres","columns":[{"name":"id","kind":"integer","declared":"integer"},{"name":"name","kind":"text","declared":"text"}]}');
CREATE TABLE batch (
  number INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('staged', 'prepared', 'live')),
  token BLOB NOT NULL,
  shape INTEGER NOT NULL,
  is_backfill INTEGER NOT NULL DEFAULT 0,
  rows INTEGER NOT NULL,
  anchor TEXT,
  changes BLOB,  -- 9 bytes a change; NULL where all are plain additions
  kills BLOB     -- 8 bytes a row that died with this batch
, undelivered BLOB, is_retry INTEGER NOT NULL DEFAULT 0, places BLOB);
INSERT INTO batch VALUES(1,'live',X'6836800feb8f6f6f2a24cb8da39f411f',1,0,2,NULL,NULL,NULL,NULL,0,NULL);
INSERT INTO batch VALUES(2,'live',X'7f72f9c099c7c006f32b552c10742505',1,0,1,NULL,NULL,X'0100000001000000',NULL,0,NULL);
INSERT INTO batch VALUES(3,'prepared',X'9372f31512adf25da19db90dd10fe17d',1,0,1,NULL,NULL,NULL,NULL,0,NULL);
CREATE TABLE segment (
  number INTEGER PRIMARY KEY,
  batch INTEGER NOT NULL,
  shape INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  entries BLOB NOT NULL
, settings BLOB);
INSERT INTO segment VALUES(1,1,1,2,X'bcd26f2c5681ad103d100bcd0a46ec9f33f99d4f929cca5e3079f2b0a1206772cea34ce22e6063cb3a689499e301c875',X'0200000001000000');
INSERT INTO segment VALUES(2,2,1,1,X'3079f2b0a1206772cea34ce22e6063cb0c457f8111d8f6b6',X'0100000001000000');
INSERT INTO segment VALUES(3,3,1,1,X'b7bc097b89ce40b7d8a747a1407d869367b6c4c9a0a39602',X'0100000001000000');
CREATE TABLE records (segment INTEGER PRIMARY KEY, data BLOB NOT NULL, columns INTEGER NOT NULL DEFAULT 1);
INSERT INTO records VALUES(1,X'28b52ffd200c610000310a320a6f6e650a74776f0a',2);
INSERT INTO records VALUES(2,X'28b52ffd2006310000320a54574f0a',2);
INSERT INTO records VALUES(3,X'28b52ffd2008410000330a74687265650a',2);
CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  command TEXT NOT NULL,
  started_at INTEGER NOT NULL,  -- microseconds since 1970
  finished_at INTEGER,
  outcome TEXT,
  message TEXT,
  counts TEXT
);
INSERT INTO run VALUES(1,'run_a','run',1000000,2000000,'done',NULL,'{"read":0,"unchanged":0,"added":0,"changed":0,"removed":0,"remembered":0,"moved":0,"invalid":0,"rejected":0,"failed":0,"sent":2,"sent_bytes":0,"resent":0,"ignored_partitions":0}');
CREATE TABLE problem (
  run INTEGER NOT NULL,
  kind TEXT NOT NULL,
  change TEXT,
  key TEXT,
  reason TEXT NOT NULL,
  shape INTEGER,
  line BLOB
, detail TEXT);
INSERT INTO problem VALUES(1,'rejected','added','9','too large',NULL,NULL,NULL);
CREATE TABLE message (
  number INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  time INTEGER NOT NULL,       -- microseconds since 1970
  change TEXT NOT NULL,
  row TEXT,                    -- primary key, columns separated by commas
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  offset INTEGER,              -- NULL where the broker told none
  key BLOB,
  event_id TEXT NOT NULL,
  headers TEXT NOT NULL,       -- JSON object
  value BLOB,                  -- its first 4 KiB
  value_size INTEGER           -- bytes of the whole value; NULL for a tombstone
);
INSERT INTO message VALUES(1,1,1500000,'added','1','t',0,4,X'31','evt_a','{}',X'7b7d',2);
CREATE TABLE topic (name TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO topic VALUES('t','an-id');
CREATE TABLE refused (key BLOB PRIMARY KEY, batch INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE topic_partitions (
  name TEXT PRIMARY KEY, count INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO topic_partitions VALUES('t',3);
CREATE TABLE problem_group (
  run INTEGER NOT NULL,
  kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  rows INTEGER NOT NULL,
  first TEXT                   -- key of the first row; NULL if it has none
);
INSERT INTO problem_group VALUES(1,'rejected','too large',1,'9');
CREATE TABLE absence (
  key BLOB PRIMARY KEY,        -- hash of the row's key, 16 bytes
  since INTEGER NOT NULL,      -- microseconds since 1970
  results INTEGER NOT NULL     -- complete results in a row that lacked it
) WITHOUT ROWID;
INSERT INTO absence VALUES(X'0102030405060708090a0b0c0d0e0f10',5,2);
CREATE TABLE pinned (batch INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE applied_plan (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  run TEXT NOT NULL,
  time INTEGER NOT NULL  -- microseconds since 1970
);
CREATE TABLE message_settings (number INTEGER PRIMARY KEY, data TEXT NOT NULL UNIQUE);
INSERT INTO message_settings VALUES(1,'{}');
CREATE INDEX segment_batch ON segment (batch);
CREATE INDEX problem_run ON problem (run);
CREATE INDEX message_run ON message (run);
CREATE INDEX problem_group_run ON problem_group (run);
COMMIT;
PRAGMA user_version = 10;
PRAGMA application_id = 1397506885;
