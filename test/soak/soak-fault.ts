/** Faults of one run of the soak, as data: a child process gets them as text. */
import type {Files} from '../../src/system/files.ts';
import type {RunTool} from '../../src/system/tools.ts';
import type {SeededRandom} from '../faults/seeded-random.ts';
import {ChosenFault} from '../helpers/chosen-fault.ts';
import {type AnyCall, canHit, FAULTS, type FaultName, isTool} from '../helpers/fault-names.ts';
import {badSectors, below, fullAfter} from '../helpers/faulty-files.ts';

/** One call: the n-th that is below the root, is of the kind, and can be hit. */
export interface CallFault {
  readonly kind: 'call';
  readonly fault: FaultName;
  readonly root: string;
  readonly method: string | null;
  readonly n: number;
}

/** A fault that stays for several runs. */
export type StandingFault =
  | {readonly kind: 'bad-sector'; readonly path: string; readonly from: number; readonly to: number}
  | {readonly kind: 'full'; readonly root: string; readonly bytes: number}
  | {readonly kind: 'no-tools'};

const METHODS: readonly AnyCall['method'][] = [
  'read',
  'write',
  'sync',
  'close',
  'publish',
  'replace',
  'createFile',
  'openToRead',
  'openToUpdate',
  'removeFile',
  'look',
  'list',
  'facts',
  'syncFolder',
  'truncate',
  'setModified',
  'makeFolder',
  'tool',
];

/** What is done on a card. */
const OF_CARD: readonly AnyCall['method'][] = [
  'read',
  'close',
  'openToRead',
  'look',
  'list',
  'facts',
];

const KILLING = ['hangs', 'dies-before', 'dies-half', 'dies-after'];
export const isKilling = ({fault}: CallFault): boolean => KILLING.includes(fault);
/** What nobody is told of comes more often: it is what a proof is for. */
const SILENT: readonly FaultName[] = ['flips', 'flips', 'flips', 'lies', 'lies', 'short'];
const HARMFUL = [...FAULTS.filter((fault) => !KILLING.includes(fault)), ...SILENT];
const DEADLY = FAULTS.filter((fault) => KILLING.includes(fault));

export interface Places {
  readonly card: string;
  readonly destinations: readonly string[];
  /** The card is read a second time: what it gives wrong once is found. */
  readonly rereads: boolean;
}

export function makeCallFault(random: SeededRandom, places: Places, kills: boolean): CallFault {
  const fault = random.pick(kills ? DEADLY : HARMFUL);
  const root = random.pick(rootsFor(fault, places));
  const isCard = root === places.card;
  const methods = METHODS.filter((method) => canHit(fault, {method, path: root})).filter(
    (method) => !isCard || OF_CARD.includes(method),
  );
  const wide = methods.length === 0 || random.chance(0.3);
  return {
    kind: 'call',
    fault,
    root,
    method: wide ? null : random.pick(methods),
    n: Math.ceil(random.next() ** 2 * (wide && methods.length > 2 ? 250 : 12)),
  };
}

function rootsFor(fault: FaultName, {card, destinations, rereads}: Places): readonly string[] {
  // What a card gives wrong before any hash is taken only a second reading can tell.
  if (fault === 'flips') return rereads ? [card, ...destinations] : destinations;
  const reads = METHODS.some(
    (method) => OF_CARD.includes(method) && canHit(fault, {method, path: card}),
  );
  return reads ? [...destinations, ...destinations, card] : destinations;
}

/** Chooses the n-th call that fits. */
function chooser({fault, root, method, n}: CallFault): (call: AnyCall) => boolean {
  let seen = 0;
  return (call) => {
    const isThere = isTool(call) ? call.path.includes(root) : below(root)(call.path);
    const fits = isThere && (method === null || call.method === method) && canHit(fault, call);
    return fits && ++seen === n;
  };
}

export interface Faulty {
  readonly files: Files;
  readonly run: RunTool;
  readonly faults: readonly ChosenFault[];
}

/** Puts all faults around the files. One that kills must be the last: it is the outermost. */
export function applyFaults(
  {files, run}: {files: Files; run: RunTool},
  standing: readonly StandingFault[],
  calls: readonly CallFault[],
  roots: readonly string[],
): Faulty {
  let faultyFiles = files;
  let faultyRun = run;
  for (const fault of standing) {
    if (fault.kind === 'bad-sector')
      faultyFiles = badSectors(faultyFiles, {path: fault.path, ranges: [fault]});
    else if (fault.kind === 'full') faultyFiles = fullAfter(faultyFiles, fault.root, fault.bytes);
    else faultyRun = noTool;
  }
  const faults = calls.map((fault) => {
    const chosen = new ChosenFault({fault: fault.fault, chooses: chooser(fault), roots});
    faultyFiles = chosen.wrapFiles(faultyFiles);
    faultyRun = chosen.wrapTools(faultyRun);
    return chosen;
  });
  return {files: faultyFiles, run: faultyRun, faults};
}

const noTool: RunTool = async (command) => ({
  ok: false,
  cause: {code: 'ENOENT', message: `${command} failed`, next: 'Install it.'},
});
