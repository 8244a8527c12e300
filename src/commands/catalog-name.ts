/** The catalog, in the data folder. */
export const CATALOG_NAME = 'catalog.sqlite';
