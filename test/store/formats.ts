/** Databases as earlier versions of the program wrote them. */

/** Turns a database of format 5 into what format 4 would have been. */
export const asFormat4 = `
  ALTER TABLE log DROP COLUMN quiet;
  PRAGMA user_version = 4;
`

/** The same, and into what format 2 would have been. */
export const asFormat2 = `
  ${asFormat4}
  CREATE TABLE before (
    tbl TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, at TEXT NOT NULL, id TEXT NOT NULL,
    row INTEGER NOT NULL, PRIMARY KEY (tbl, field, value, at, id, row)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO before SELECT n.tbl, n.field, n.value, t.at, d.id, t.row
    FROM terms t JOIN names n USING (term) JOIN docs d ON d.row = t.row;
  DROP TABLE terms;
  DROP TABLE names;
  ALTER TABLE before RENAME TO terms;
  CREATE INDEX terms_row ON terms (row, field, value);
  DROP INDEX docs_facts;
  DROP INDEX docs_at;
  CREATE INDEX docs_at ON docs (tbl, at, id);
  ALTER TABLE docs DROP COLUMN terms;
  PRAGMA user_version = 2;
`
