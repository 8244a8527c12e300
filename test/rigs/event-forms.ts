/** What rigs rely on in the JSON lines and in a manifest, written down a second time and from the outside. */
import {z} from 'zod';

export const eventForm = z.looseObject({
  v: z.literal(1),
  seq: z.int(),
  at: z.iso.datetime(),
  type: z.string(),
  path: z.string().optional(),
  to: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  target: z.string().optional(),
  temporary: z.string().optional(),
  shoot: z.string().optional(),
  phase: z.string().optional(),
  /** Bytes that the card has given. */
  read: z.number().optional(),
  exitCode: z.int().optional(),
});
export type Event = z.infer<typeof eventForm>;

const account = z.object({
  found: z.int(),
  copied: z.int(),
  present: z.int(),
  leftOut: z.int(),
  failed: z.int(),
  bytes: z.int(),
});

export const verdictForm = z.looseObject({
  type: z.literal('verdict'),
  card: z.looseObject({path: z.string(), label: z.string()}),
  safe: z.boolean(),
  reasons: z.array(z.object({code: z.string(), message: z.string()})),
  waived: z.array(z.string()),
  warnings: z.array(z.looseObject({code: z.string(), message: z.string()})),
  account,
  copies: z.array(
    z.looseObject({
      to: z.string(),
      shoot: z.string(),
      manifest: z.string().nullable(),
      checksums: z.string().nullable(),
      drive: z.string(),
      mediumRead: z.string(),
      proved: z.int(),
    }),
  ),
});
export type Verdict = z.infer<typeof verdictForm>;

export const manifestForm = z.looseObject({
  schema: z.literal('offload-manifest/1'),
  offload: z.string(),
  writtenTo: z.string(),
  runs: z.int(),
  folder: z.string(),
  card: z.looseObject({leftOut: z.array(z.object({path: z.string(), rule: z.string()}))}),
  destinations: z.array(z.looseObject({id: z.string(), to: z.string(), mediumRead: z.string()})),
  files: z.array(
    z.looseObject({
      path: z.string(),
      size: z.int(),
      blake3: z.string().nullable(),
      copies: z.array(z.looseObject({destination: z.string(), target: z.string()})),
    }),
  ),
  account,
  verdict: z.looseObject({safe: z.boolean(), waived: z.array(z.string())}),
});
export type Manifest = z.infer<typeof manifestForm>;
