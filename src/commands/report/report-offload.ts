import {causeText} from '../../core/cause-text.ts';
import type {Emit} from '../../core/events.ts';
import {parseManifest} from '../../core/manifest.ts';
import type {PreparedCard} from '../offload/prepare-card.ts';
import type {SealedCard} from '../offload/seal-card.ts';
import type {Program} from '../program.ts';
import {makeReport} from './make-report.ts';
import {tellFailure, tellReport, tellStart} from './report-words.ts';

interface OffloadReport {
  readonly program: Program;
  readonly card: PreparedCard;
  readonly sealed: SealedCard;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** `--report`: writes page and table beside each manifest of a card, after its verdict. What fails is told and changes nothing else. */
export async function reportOffload(report: OffloadReport): Promise<void> {
  const {program, card, sealed, emit, signal} = report;
  const {record, manifests} = sealed;
  const {files} = program;
  if (record === undefined || signal.aborted) return;
  const parsed = parseManifest(record, manifests[0] ?? '', program.hashOfText);
  // It was written a moment ago by this program.
  if (!parsed.ok) throw new Error(causeText(parsed.cause));
  const shoots = new Map<string, string>();
  for (const lane of card.lanes) {
    if (lane.lost === undefined) shoots.set(lane.id, await resolveOr(program, lane.root));
  }
  tellStart(emit, parsed.value);
  const pages = await makeReport(program, {
    manifest: parsed.value,
    shoots,
    bases: manifests.map((path) => path.replace(/\.json$/, '')),
    async publish(temporary, path) {
      // Page and table of the same offload, which a resumed run makes again.
      await files.replace(temporary, path);
      return path;
    },
    signal,
    onFailed: tellFailure(emit),
  });
  tellReport(emit, pages, signal);
}

/** Where links on the way are followed; a drive that is gone by now has nothing to read. */
async function resolveOr({files}: Program, path: string): Promise<string> {
  try {
    return await files.resolve(path);
  } catch {
    return path;
  }
}
