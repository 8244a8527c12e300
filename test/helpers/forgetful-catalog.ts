import type {Catalog} from '../../src/catalog/catalog.ts';
import {ok} from '../../src/core/cause.ts';

/** A catalog that takes everything and knows nothing. */
export const forgetfulCatalog: Catalog = {
  path: '/nowhere/catalog.sqlite',
  notice: null,
  recordManifest: async () => ok('recorded'),
  noteStarted: async () => ok(undefined),
  noteReadings: async () => ok(undefined),
  noteMirrorReadings: async () => ok(undefined),
  noteMirror: async () => ok(undefined),
  recallTold: async () => ok(null),
  noteTold: async () => ok(undefined),
  noteMirrorState: async () => ok(undefined),
  listUnnamed: async () => ok([]),
  settleUnnamed: async () => ok(undefined),
  recallGone: async ({copies}) => ok(copies.map(() => null)),
  listCards: async () => ok([]),
  listShoots: async () => ok([]),
  recentShoots: async () => ok([]),
  findFiles: async () => ok({files: [], more: false}),
  findByHash: async () => ok([]),
  listCopies: async () => ok([]),
  recallCard: async () => ok({started: [], offloads: []}),
  compareListing: async () => ok({state: 'new'}),
  noteVolumes: async () => ok(undefined),
  recallVolumes: async () => ok({seen: [], destinations: [], pairs: [], forgotten: new Map()}),
  forgetVolume: async () => ok(undefined),
  countCopies: async () => ok({groups: [], spans: [], letGo: 0}),
  close: async () => {},
};
