/** What the catalog on this computer knows. */
import type {CardPath} from '../card.ts';
import type {MediumRead} from '../drive.ts';

/** `offload cards`: one card that the catalog knows. */
export interface CardKnown {
  readonly type: 'card-known';
  /** As in the manifest: `volume:<uuid>:<size>` or `folder:<path>`. */
  readonly id: string;
  readonly label: string;
  readonly cameras: readonly string[];
  readonly offloads: number;
  /** Of the last offload. */
  readonly shoot: string;
  readonly files: number;
  readonly bytes: number;
  readonly lastOffload: string;
  readonly safe: boolean;
}

/** `offload shoots`: one shoot that the catalog knows. */
export interface ShootKnown {
  readonly type: 'shoot-known';
  readonly shoot: string;
  readonly cards: number;
  readonly files: number;
  readonly bytes: number;
  readonly firstOffload: string;
  readonly lastOffload: string;
  /** True when every offload into it ended SAFE at its time. */
  readonly safe: boolean;
  readonly volumes: readonly {
    readonly volume: string;
    readonly name: string;
    /** Where the shoot was when it was recorded. */
    readonly path: string;
    /** Files proved on it. */
    readonly files: number;
  }[];
}

/** `offload find`: one file that the catalog knows, with its proved copies. */
export interface FileFound {
  readonly type: 'file-found';
  readonly path: CardPath;
  readonly label: string;
  readonly shoot: string;
  readonly offload: string;
  readonly size: number;
  readonly mtimeNs: string;
  /** Null when the card's bytes were never read whole. */
  readonly hash: string | null;
  readonly copies: readonly {
    readonly volume: string;
    readonly name: string;
    /** Absolute, as it was when it was recorded. */
    readonly path: string;
    readonly provedAt: string;
    readonly mediumRead: MediumRead;
  }[];
}

/** `offload catalog rebuild` is done. */
export interface CatalogRebuilt {
  readonly type: 'catalog-rebuilt';
  readonly catalog: string;
  /** Manifests that were found and read. */
  readonly manifests: number;
  readonly offloads: number;
  readonly files: number;
  /** Copies that backups recorded on their targets. */
  readonly mirrored: number;
  /** Records that are damaged, not this program's, or of a drive that this one is not. */
  readonly problems: number;
}
