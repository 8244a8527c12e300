/** For which system and processor a binary is, by its first bytes: an archive with a part for another one would start, and fail later. */

export interface Machine {
  readonly os: 'darwin' | 'linux' | 'win32';
  readonly cpu: string;
}

/** e_machine (elf.h: EM_X86_64, EM_AARCH64). */
const ELF = new Map([
  [62, 'x64'],
  [183, 'arm64'],
]);
/** Machine types (PE format, learn.microsoft.com). */
const PE = new Map([
  [0x014c, 'ia32'],
  [0x8664, 'x64'],
  [0xaa64, 'arm64'],
]);
/** cputype (mach/machine.h: CPU_TYPE_X86_64, CPU_TYPE_ARM64). */
const MACH = new Map([
  [0x0100_0007, 'x64'],
  [0x0100_000c, 'arm64'],
]);

/** 64-bit Mach-O, written by a little-endian machine (mach-o/loader.h, MH_MAGIC_64). */
const MACH_64 = 0xfeed_facf;
/** Several of them in one file, big-endian (mach-o/fat.h, FAT_MAGIC). A Java class begins so too; none is among the parts. */
const MACH_FAT = 0xcafe_babe;
const FAT_ENTRY = 20;

/** @returns all that it is for; empty when it is no binary of the three systems. */
export function machinesOf(bytes: Uint8Array): readonly Machine[] {
  if (bytes.length < 64) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [big, little] = [view.getUint32(0), view.getUint32(0, true)];
  if (big === 0x7f45_4c46) return [{os: 'linux', cpu: named(ELF, view.getUint16(18, true))}];
  if (little === MACH_64) return [{os: 'darwin', cpu: named(MACH, view.getUint32(4, true))}];
  if (big === MACH_FAT) {
    const count = Math.min(view.getUint32(4), Math.floor((bytes.length - 8) / FAT_ENTRY));
    return Array.from({length: count}, (_, index) => {
      return {os: 'darwin', cpu: named(MACH, view.getUint32(8 + index * FAT_ENTRY))};
    });
  }
  if (view.getUint16(0) !== 0x4d5a) return [];
  // The PE header lies where the DOS header says.
  const at = view.getUint32(0x3c, true);
  const isPe = at + 6 <= bytes.length && view.getUint32(at) === 0x5045_0000;
  return isPe ? [{os: 'win32', cpu: named(PE, view.getUint16(at + 4, true))}] : [];
}

const named = (names: ReadonlyMap<number, string>, code: number) =>
  names.get(code) ?? `unknown (${code})`;
