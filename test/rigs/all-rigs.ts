import {allCards} from './all-cards.rig.ts';
import {mhlReference, mhlSchema} from './ascmhl.rig.ts';
import {badSector} from './bad-sector.rig.ts';
import {rotAfterwards, rotBeforeProof} from './bit-rot.rig.ts';
import {clockBack} from './clock-back.rig.ts';
import {cloudCut, cloudEverywhere, cloudRestore} from './cloud.rig.ts';
import {damagedCards} from './damaged-cards.rig.ts';
import {filledMeanwhile, tooSmall} from './disk-full.rig.ts';
import {exfatDestination} from './exfat-destination.rig.ts';
import {faultMatrix} from './fault-matrix.rig.ts';
import {flippedBit} from './flipped-bit.rig.ts';
import {foreignWriter, startedAtOnce} from './foreign-writer.rig.ts';
import {flushFailsOnce, writeRefusedOnce} from './fsync-once.rig.ts';
import {fullFileSystems} from './full-file-systems.rig.ts';
import {hangingCall, hangingThread} from './hanging-call.rig.ts';
import {healedCard} from './healed-card.rig.ts';
import {hostileMillion, hostileNodes, hostileTrees} from './hostile-card.rig.ts';
import {killAnywhere} from './kill-anywhere.rig.ts';
import {killed} from './killed.rig.ts';
import {lightroomEverywhere} from './lightroom.rig.ts';
import {lockedShoot} from './locked-shoot.rig.ts';
import {mirrorEverywhere, mirrorPulled} from './mirror.rig.ts';
import {nodeVersions} from './node-versions.rig.ts';
import {oddNames} from './odd-names.rig.ts';
import {oneDiskFolders, oneDiskImages} from './one-disk.rig.ts';
import {packed} from './packed.rig.ts';
import {patchedFile} from './patched-file.rig.ts';
import {plainUser} from './plain-user.rig.ts';
import {portableLinux, portableWindows} from './portable.rig.ts';
import {powerCut} from './power-cut.rig.ts';
import {pulledCard} from './pulled-card.rig.ts';
import {exchangedMeanwhile, shutDownMeanwhile, unmountedMeanwhile} from './pulled-drive.rig.ts';
import {remountedReadOnly} from './remounted-read-only.rig.ts';
import type {Rig} from './rig.ts';
import {salvage} from './salvage.rig.ts';
import {sessionCards, sessionPulled, sessionRoles} from './session.rig.ts';
import {sessionAtRest} from './session-at-rest.rig.ts';
import {sessionBadCards, sessionBadHome} from './session-bad-input.rig.ts';
import {sessionManners} from './session-manners.rig.ts';
import {sessionTerminal} from './session-terminal.rig.ts';
import {smallFiles, smallFilesFull} from './small-files.rig.ts';
import {suspended} from './suspend.rig.ts';
import {terminal} from './terminal.rig.ts';
import {threeDrives} from './three-drives.rig.ts';
import {volatileDrive} from './volatile-drive.rig.ts';
import {watchAuto, watchLines} from './watch.rig.ts';
import {windows} from './windows.rig.ts';
import {laptopWorkflow, studioWorkflow, travelWorkflow} from './workflows.rig.ts';

/** In the order in which they run. */
export const allRigs: readonly Rig[] = [
  threeDrives,
  oneDiskFolders,
  oneDiskImages,
  exfatDestination,
  oddNames,
  hostileNodes,
  hostileTrees,
  hostileMillion,
  volatileDrive,
  tooSmall,
  filledMeanwhile,
  fullFileSystems,
  unmountedMeanwhile,
  exchangedMeanwhile,
  shutDownMeanwhile,
  remountedReadOnly,
  mirrorEverywhere,
  mirrorPulled,
  lightroomEverywhere,
  cloudEverywhere,
  cloudCut,
  cloudRestore,
  laptopWorkflow,
  travelWorkflow,
  studioWorkflow,
  flushFailsOnce,
  writeRefusedOnce,
  rotBeforeProof,
  rotAfterwards,
  flippedBit,
  badSector,
  healedCard,
  pulledCard,
  salvage,
  lockedShoot,
  startedAtOnce,
  foreignWriter,
  suspended,
  clockBack,
  terminal,
  sessionCards,
  sessionPulled,
  sessionRoles,
  sessionManners,
  sessionAtRest,
  sessionBadCards,
  sessionBadHome,
  sessionTerminal,
  watchLines,
  watchAuto,
  patchedFile,
  plainUser,
  allCards,
  mhlSchema,
  mhlReference,
  damagedCards,
  killed,
  killAnywhere,
  smallFiles,
  smallFilesFull,
  powerCut,
  hangingCall,
  hangingThread,
  faultMatrix,
  packed,
  windows,
  portableLinux,
  portableWindows,
  ...nodeVersions,
];
