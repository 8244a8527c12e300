// Holds a catalog open as Lightroom does, and adds a keyword and a collection in one transaction, again and again. The log is never put into the file.
import {writeFileSync} from 'node:fs';
import {DatabaseSync} from '@photostructure/sqlite';

const [catalog] = process.argv.slice(2);
writeFileSync(`${catalog}.lock`, `${process.pid}\n`);
const db = new DatabaseSync(catalog);
db.exec('PRAGMA wal_autocheckpoint = 0');
let made = 0;
setInterval(() => {
  made++;
  db.exec(
    `BEGIN IMMEDIATE;
    INSERT INTO AgLibraryKeyword (id_global) VALUES ('k${made}-${process.pid}');
    INSERT INTO AgLibraryCollection (name) VALUES ('c');
    COMMIT`,
  );
  if (made === 20) console.log('writing');
}, 5);
