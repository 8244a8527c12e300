/** A run in plain lines: for pipes, log files and screen readers. Nothing is drawn, nothing is overwritten. */
import type {CardRef} from '../core/card.ts';
import type {CardState} from '../core/card-state.ts';
import {causeText} from '../core/cause-text.ts';
import {describeMismatch} from '../core/describe-mismatch.ts';
import type {OffloadEvent} from '../core/events.ts';
import {printable} from '../core/printable.ts';
import {evolve, initialRunState, type RunState} from '../core/run-state.ts';
import {markExcerpt} from '../core/selection/mark-excerpt.ts';
import {unreachable} from '../core/unreachable.ts';
import {verdictText} from '../core/verdict-text.ts';
import {describePhase} from '../core/words.ts';
import {describeArrival} from './arrival-words.ts';
import {backupLines} from './backup-lines.ts';
import {describeKnown, describeRebuild} from './catalog-words.ts';
import {cloudLines} from './cloud-lines.ts';
import {describeFinding} from './doctor-words.ts';
import {lightroomLines} from './lightroom-words.ts';
import {describeOffsite} from './offsite-words.ts';
import {
  clockTime,
  describeEnd,
  describePlan,
  describeProgress,
  nameDestination,
} from './plain-words.ts';
import {previewLines} from './preview-lines.ts';
import {describeRestore, describeRestored, describeVersions} from './restore-words.ts';
import {describeDrive, describeSalvage} from './result-words.ts';
import {describeExplained, describeSelected} from './selection-lines.ts';
import type {Sink} from './sink.ts';
import {describeStatus, describeVolume} from './status-words.ts';
import {
  describeCheckedCopy,
  describeHealedCopy,
  describeVerifiedMirror,
  describeVerifiedShoot,
  describeVerify,
} from './verify-words.ts';

export {verdictText};

export interface PlainLinesOptions {
  /** stdout: takes one line of a result (verdict, checked copy, row of a dry run) without its line end. */
  readonly writeResult: (line: string) => void;
  /** stderr: takes one line of progress or trouble without its line end. */
  readonly writeDiagnostic: (line: string) => void;
  readonly now: () => Date;
  /** No progress and no notices: only what failed, and the verdict. */
  readonly quiet?: boolean;
  /** The shortest time between two progress lines of one card, in ms. */
  readonly everyMs?: number;
}

const EVERY_MS = 5000;

/** A backup that nobody heard of for days, and drives that want to be swapped. */
const LOUD: ReadonlySet<string> = new Set(['backup-overdue', 'offsite-swap', 'lightroom-overdue']);

export function plainLines(options: PlainLinesOptions): Sink {
  const {writeResult, writeDiagnostic, now, quiet = false, everyMs = EVERY_MS} = options;
  const startedAtMs = new Map<string, number>();
  const toldAtMs = new Map<string, number>();
  const preview = previewLines();
  const tellBackup = backupLines(everyMs);
  const tellCloud = cloudLines(everyMs);
  let state = initialRunState;

  const tellFailure = (text: string, card?: CardRef) => {
    const about = card === undefined ? '' : `${printable(card.label)} `;
    writeDiagnostic(`${clockTime(now())} ${about}${text}`);
  };
  const tellProgress = (text: string, card?: CardRef) => {
    if (!quiet) tellFailure(text, card);
  };

  const tell = (event: OffloadEvent, atMs: number) => {
    switch (event.type) {
      case 'phase-started': {
        const {card} = event;
        if (!startedAtMs.has(card.path)) startedAtMs.set(card.path, atMs);
        // The plan and the progress say these two in more words.
        if (event.phase === 'plan' || event.phase === 'copy') return;
        return tellProgress(describePhase(event.phase), card);
      }
      case 'run-planned':
        if (!startedAtMs.has(event.card.path)) startedAtMs.set(event.card.path, atMs);
        toldAtMs.set(event.card.path, atMs);
        return tellProgress(describePlan(event), event.card);
      case 'progress': {
        const card = findCard(state, event.card);
        const sinceMs = atMs - (toldAtMs.get(event.card.path) ?? Number.NEGATIVE_INFINITY);
        // A clock that was set back must not silence the lines.
        if (card === undefined || (sinceMs >= 0 && sinceMs < everyMs)) return;
        toldAtMs.set(event.card.path, atMs);
        return tellProgress(describeProgress(card), event.card);
      }
      case 'file-mismatched': {
        const {card, to} = event;
        const where = nameDestination(findCard(state, card), to);
        return tellFailure(`MISMATCH${where}: ${causeText(describeMismatch(event))}`, card);
      }
      case 'file-failed': {
        const where = nameDestination(findCard(state, event.card), event.to);
        return tellFailure(`FAILED${where}: ${causeText(event)}`, event.card);
      }
      case 'destination-lost': {
        const where = nameDestination(findCard(state, event.card), event.to);
        return tellFailure(`LOST${where}: ${causeText(event)}`, event.card);
      }
      case 'verdict': {
        const started = startedAtMs.get(event.card.path);
        startedAtMs.delete(event.card.path);
        const took = started === undefined ? {} : {tookMs: Math.max(0, atMs - started)};
        return verdictText(event, took).forEach(writeResult);
      }
      case 'copy-planned':
        return preview.take(event).forEach(writeResult);
      case 'refused':
        writeDiagnostic(`REFUSED: ${causeText(event)}`);
        return markExcerpt(event).forEach(writeDiagnostic);
      case 'copy-checked':
        return describeCheckedCopy(event).forEach(writeResult);
      case 'copy-healed':
        return describeHealedCopy(event).forEach(writeResult);
      case 'shoot-verified':
        return describeVerifiedShoot(event).forEach(writeResult);
      case 'mirror-verified':
        return describeVerifiedMirror(event).forEach(writeResult);
      case 'verify-finished':
        return describeVerify(event).forEach(writeResult);
      case 'drive':
        return describeDrive(event).forEach(writeResult);
      case 'volume-arrived':
      case 'volume-left':
        return writeResult(`${clockTime(now())} ${describeArrival(event)}`);
      case 'card-known':
      case 'shoot-known':
      case 'file-found':
        return describeKnown(event).forEach(writeResult);
      case 'catalog-rebuilt':
        return describeRebuild(event).forEach(writeResult);
      case 'file-restored':
        return describeRestored(event).forEach(writeResult);
      case 'file-versions':
        return describeVersions(event).forEach(writeResult);
      case 'restore-finished':
        return describeRestore(event).forEach(writeResult);
      case 'volume-known':
        return describeVolume(event).forEach(writeResult);
      case 'shoot-status':
        return describeStatus(event, now()).forEach(writeResult);
      case 'offsite-known':
        return describeOffsite(event, now()).forEach(writeResult);
      case 'doctor-finding':
        return describeFinding(event).forEach(writeResult);
      case 'backup-selected':
        for (const line of describeSelected(event)) {
          if (event.preview) writeResult(line);
          else tellProgress(line);
        }
        return;
      case 'picture-explained':
        return describeExplained(event).forEach(writeResult);
      case 'backup-started':
      case 'backup-step':
      case 'backup-progress':
      case 'backup-finished':
      case 'job-known': {
        const {results, diagnostics, chatter} = tellBackup(event, now());
        for (const line of chatter) tellProgress(line);
        for (const line of diagnostics) tellFailure(line);
        return results.forEach(writeResult);
      }
      case 'cloud-started':
      case 'cloud-step':
      case 'cloud-progress':
      case 'cloud-finished':
      case 'cloud-verified': {
        const {results, diagnostics, chatter} = tellCloud(event, now());
        for (const line of chatter) tellProgress(line);
        for (const line of diagnostics) tellFailure(line);
        return results.forEach(writeResult);
      }
      case 'lightroom-started':
      case 'lightroom-snapshot':
      case 'lightroom-finished':
      case 'lightroom-known':
      case 'lightroom-restored': {
        const {results, diagnostics, chatter} = lightroomLines(event, now());
        for (const line of chatter) tellProgress(line);
        for (const line of diagnostics) tellFailure(line);
        return results.forEach(writeResult);
      }
      case 'noticed':
        // What nobody would hear of otherwise is told however quiet it shall be.
        if (LOUD.has(event.code)) return tellFailure(causeText(event));
        return tellProgress(
          `${event.level === 'warning' ? 'warning' : 'note'}: ${causeText(event)}`,
        );
      case 'file-salvaged': {
        const where = nameDestination(findCard(state, event.card), event.to);
        return tellProgress(`SALVAGED${where}: ${describeSalvage(event)}`, event.card);
      }
      case 'cancel-requested':
        return tellProgress('stopping after the block in hand');
      case 'run-ended': {
        preview.end().forEach(writeResult);
        const words = describeEnd(event);
        if (words !== null) tellFailure(words);
        return;
      }
      case 'file-copied':
      case 'file-proved':
      case 'manifest-written':
        return;
      default:
        return unreachable(event);
    }
  };

  return {
    write(event) {
      const atMs = now().getTime();
      state = evolve(state, event, atMs);
      tell(event, atMs);
    },
    async end() {},
  };
}

function findCard(state: RunState, {path}: CardRef): CardState | undefined {
  return state.cards.find(({card}) => card.path === path);
}
