import type {Database} from './sqlite.ts';
import {faultFrom} from './sqlite-faults.ts';

/** Ends a transaction that failed. A full disk or a damaged page ends it by itself, and then there is nothing to roll back: what went wrong is in the error before. */
export function rollBack(db: Database): void {
  try {
    db.exec('ROLLBACK');
  } catch (error) {
    if (faultFrom(error, '') === undefined) throw error;
  }
}
