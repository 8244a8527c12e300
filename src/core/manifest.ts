/**
 * The manifest: the record of one offload that lies beside each copy (design, section 6). `docs/manifest.md` explains it, `docs/manifest.schema.json`
 * is made from these definitions.
 */
import * as z from 'zod';
import type {Result} from './cause.ts';
import {REASON_CODES} from './verdict.ts';

export const MANIFEST_SCHEMA = 'offload-manifest/1';

const count = z.int().nonnegative();
/** 64 hex digits. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();
/** ns since 1970, decimal; negative before 1970. */
const nanoseconds = z.string().regex(/^-?\d{1,20}$/);
const mediumRead = z.enum(['direct', 'evicted', 'cached']);

/**
 * A path below a folder: never absolute, no empty part, no `.` and no `..`. What reads a manifest relies on that. Written without the `s` flag, because a JSON Schema has
 * no place for flags.
 */
export const relativePath = z
  .string()
  .min(1)
  .regex(/^(?![\s\S]*(?:^|\/)\.{0,2}(?:\/|$))[^\u0000\p{Cs}]+$/u);

const physical = z.union([
  z.object({known: z.literal(true), ids: z.array(z.string())}),
  z.object({known: z.literal(false), why: z.string()}),
]);

const volume = z.object({
  mountPoint: z.string(),
  device: z.string(),
  fileSystem: z.string(),
  kind: z.enum(['disk', 'fuse', 'network', 'ram', 'unknown']),
  label: z.string().nullable(),
  uuid: z.string().nullable(),
  size: z.number().nullable(),
  physical,
  rotating: z.boolean().nullable(),
  model: z.string().nullable(),
  removable: z.boolean().nullable(),
});

const warning = z.object({code: z.string(), message: z.string(), path: z.string().optional()});

const provedCopy = z.object({
  /** Id of the destination. */
  destination: z.string(),
  /** Below the shoot folder. */
  target: relativePath,
  provedAt: instant,
  mediumRead,
  origin: z.enum(['copied', 'present']),
  /** Its bytes came from a proved copy and have the hash that the card gave; without it they came from the card. */
  source: z.literal('copy').optional(),
});

/** A copy that did not match when it was read back, in any run of the offload. */
const mismatchedCopy = z.object({
  /** Id of the destination. */
  destination: z.string(),
  /** Where its bytes are kept, or where it stood before the offload, below the shoot folder. */
  copy: relativePath,
  /** Its bytes lie there still. */
  kept: z.boolean(),
});

/** Why a file has no copy on a destination, or on none. */
const failure = z.object({
  /** Id of the destination; absent where the card was at fault. */
  destination: z.string().optional(),
  code: z.string(),
  message: z.string(),
  next: z.string(),
});

/** The readable parts of a file that the card did not give whole. They are no copy. */
const salvagedParts = z.object({
  /** Id of the destination. */
  destination: z.string(),
  /** Below the shoot folder: as long as the file, zeros where bytes are missing. */
  target: relativePath,
  map: relativePath,
  bytes: count,
  missing: count,
});

const recordedFile = z.object({
  /** As on the card; bytes that are not UTF-8 stand as U+DC80 to U+DCFF (PEP 383). */
  path: z.string().min(1),
  size: count,
  mtimeNs: nanoseconds,
  /** Null when the card's bytes were never read whole. */
  blake3: hash.nullable(),
  /** Reads that failed first and succeeded when they were tried again. */
  retries: count,
  copies: z.array(provedCopy),
  /** With `--only-new`: where its bytes lay already and were read back, absolute at that time. It was not copied. */
  alreadyOn: z.array(z.string()).optional(),
  mismatches: z.array(mismatchedCopy).optional(),
  failures: z.array(failure).optional(),
  salvaged: z.array(salvagedParts).optional(),
});

const destination = z.object({
  /** Id from the volume's marker file, with the folder where one volume holds two destinations. */
  id: z.string(),
  /** The `--to` folder at that time. */
  to: z.string(),
  shoot: z.string(),
  name: z.string(),
  volume,
  freeBytes: z.number().nullable(),
  mediumRead,
  lost: z.boolean(),
});

const body = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  offload: z.string().min(1),
  /** The destination beside which this text lies. */
  writtenTo: z.string(),
  tool: z.object({name: z.string(), version: z.string(), hashEngine: z.enum(['native', 'wasm'])}),
  host: z.string(),
  startedAt: instant,
  endedAt: instant,
  /** IANA name of the laptop's time zone. */
  timeZone: z.string(),
  /** How often the offload was started before it was done. */
  runs: z.int().positive(),
  continues: z.array(z.string()),
  shoot: z.string(),
  /** The card's folder in the shoot. */
  folder: z.string(),
  layout: z.string(),
  card: z.object({
    id: z.string(),
    /** Hash over the names, sizes and times of all files: the same card with nothing changed. */
    fingerprint: z.string(),
    path: z.string(),
    label: z.string(),
    volume,
    mediumRead,
    cameras: z.array(z.object({make: z.string(), model: z.string(), serial: z.string()})),
    folders: z.array(z.string()),
    leftOut: z.array(z.object({path: z.string(), rule: z.string()})),
    unreadable: z.array(z.object({path: z.string(), code: z.string(), message: z.string()})),
  }),
  destinations: z.array(destination),
  files: z.array(recordedFile),
  account: z.object({
    found: count,
    copied: count,
    present: count,
    leftOut: count,
    failed: count,
    bytes: count,
  }),
  warnings: z.array(warning),
  verdict: z.object({
    safe: z.boolean(),
    reasons: z.array(z.object({code: z.enum(REASON_CODES), message: z.string()})),
    waived: z.array(z.enum(['same-drive', 'cached'])),
  }),
});

const sealed = body.extend({
  /** BLAKE3 of the compact JSON text of the members before it, in their order. */
  seal: hash,
  /** HMAC-SHA256 of the seal with a secret of the computer that wrote it, 64 hex digits: a later run of that computer may build on it. Others cannot check it and need not. */
  signature: hash.optional(),
});

export type ManifestBody = z.infer<typeof body>;
export type Manifest = z.infer<typeof sealed>;
export type RecordedFile = z.infer<typeof recordedFile>;

/** The JSON Schema of the manifest (draft 2020-12), for `docs/`. Members may be added within the version, so it refuses none that it does not know. */
export function manifestJsonSchema(): object {
  return {
    $id: 'https://offload.invalid/offload-manifest-1.schema.json',
    title: MANIFEST_SCHEMA,
    ...z.toJSONSchema(sealed, {io: 'input'}),
  };
}

/** BLAKE3 of a text, 64 hex digits. */
export type HashOfText = (text: string) => string;

/** Signs a text with a secret that only this computer has, 64 hex digits. */
export type SignText = (text: string) => string;

/**
 * @param signText without it the manifest is written unsigned, and no run builds on it.
 * @returns the manifest's text: JSON, indented by one space, ending in a newline, sealed.
 */
export function sealManifest(
  manifest: ManifestBody,
  hashOfText: HashOfText,
  signText?: SignText,
): string {
  const seal = hashOfText(JSON.stringify(manifest));
  const signed = signText === undefined ? {} : {signature: signSeal(seal, signText)};
  return `${JSON.stringify({...manifest, seal, ...signed}, null, 1)}\n`;
}

const signSeal = (seal: string, signText: SignText): string =>
  signText(`${MANIFEST_SCHEMA}\n${seal}`);

/** True when this computer wrote the manifest. */
export const isSignedManifest = ({seal, signature}: Manifest, signText: SignText): boolean =>
  signature === signSeal(seal, signText);

/**
 * Reads a manifest that may come from anywhere.
 * @returns the manifest, or why it is no evidence: `manifest-cut`, `manifest-newer`, `manifest-malformed`, `manifest-edited`.
 */
export function parseManifest(
  text: string,
  path: string,
  hashOfText: HashOfText,
): Result<Manifest> {
  const refuse: Refuse = (code, what) => ({
    ok: false,
    cause: {
      code,
      path,
      message: `this record ${what} and is not used as evidence`,
      next: 'Run the offload or the check again from the card: it writes a new record.',
    },
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('manifest-cut', 'is cut off or is not JSON');
  }
  try {
    return openManifest(json, refuse, hashOfText);
  } catch (error) {
    // Nested deeper, or a path longer, than the stack can hold: no record of this program is.
    if (!(error instanceof RangeError)) throw error;
    return refuse('manifest-malformed', 'is nested too deep or has a path that is too long');
  }
}

type Refuse = (code: string, what: string) => Result<Manifest>;

function openManifest(json: unknown, refuse: Refuse, hashOfText: HashOfText): Result<Manifest> {
  const schema = z.object({schema: z.string()}).safeParse(json);
  if (!schema.success) return refuse('manifest-malformed', 'is not an offload manifest');
  if (schema.data.schema !== MANIFEST_SCHEMA) {
    return refuse(
      'manifest-newer',
      `is of the form ${JSON.stringify(schema.data.schema)}, which this version does not know,`,
    );
  }
  const parsed = sealed.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    return refuse('manifest-malformed', `does not fit its form at ${JSON.stringify(where)}`);
  }
  if (hashOfText(textWithoutSeal(json)) !== parsed.data.seal) {
    return refuse('manifest-edited', 'was changed after it was written');
  }
  return {ok: true, value: parsed.data};
}

/** The text that was sealed: members that this version does not know are part of it, so it is taken from the JSON itself. */
function textWithoutSeal(json: unknown): string {
  return JSON.stringify(json, function (this: unknown, key, value: unknown) {
    // Only these two themselves: a member of that name further down is part of what was sealed.
    return this === json && (key === 'seal' || key === 'signature') ? undefined : value;
  });
}
