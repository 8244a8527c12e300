/** Flags of open(2) as this platform has them; 0 where it has none. */
import {constants} from 'node:fs';
import {platform} from 'node:os';

const onWindows = platform() === 'win32';

/** libuv maps this bit to FILE_FLAG_NO_BUFFERING (libuv include/uv/win.h, UV_FS_O_DIRECT); node does not name it on Windows. */
const WINDOWS_DIRECT = 0x02000000;
export const DIRECT = onWindows ? WINDOWS_DIRECT : (constants.O_DIRECT ?? 0);
export const NO_FOLLOW = onWindows ? 0 : (constants.O_NOFOLLOW ?? 0);
/** Regular files ignore it; a FIFO that took the file's place cannot hang the program. */
const NO_WAIT = onWindows ? 0 : (constants.O_NONBLOCK ?? 0);
/** open(2): only the owner of the file may ask for it. */
export const NO_ACCESS_TIME = onWindows ? 0 : (constants.O_NOATIME ?? 0);

/** For a regular file that is only read. */
export const readFlags = (direct: boolean): number =>
  constants.O_RDONLY | NO_FOLLOW | NO_WAIT | (direct ? DIRECT : 0);

/** For a new file; EEXIST when anything has its name. */
export const createFlags = (direct: boolean): number =>
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW | (direct ? DIRECT : 0);

/** Permissions before the umask takes some away: a umask of 0 must not let everybody write. */
export const FILE_MODE = 0o644;
