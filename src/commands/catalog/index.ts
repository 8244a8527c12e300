/** The verbs that ask the catalog, and the one that fills it again. */
export {cards, find, shoots} from './list-known.ts';
export {rebuildCatalog} from './rebuild-catalog.ts';
