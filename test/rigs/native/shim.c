/*
 * Stands between a program and the C library (ld.so(8), LD_PRELOAD): ends the program at a chosen change of a file, lets one chosen flush fail once, and shifts its clock.
 *
 *     gcc -shared -fPIC -O2 -o shim.so shim.c
 *     RIG_SHIM=FILE RIG_SHIM_UNDER=FOLDER:FOLDER LD_PRELOAD=./shim.so PROGRAM
 *
 * FILE is mapped and shared: both sides see at once what the other writes (struct control, 8 bytes each, in the machine's order). Only files below the folders count.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control {
  int64_t clock_offset; /* seconds that are added to the time of day */
  int64_t changes;      /* changes of files so far */
  int64_t kill_at;      /* number of the change at which the program dies; 0: never */
  int64_t kill_how;     /* enum moment */
  int64_t syncs;        /* flushes so far, those of sync(1) included */
  int64_t fail_sync_at; /* number of the flush that fails once; 0: none */
  char failed[1024];    /* path of the file whose flush failed */
};

enum moment { BEFORE, AFTER, HALFWAY };

static struct control *control;
static const char *under;

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("RIG_SHIM");
  under = getenv("RIG_SHIM_UNDER");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map != MAP_FAILED) control = map;
  close(file);
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* Writes the path of an open file; an empty one where it has none. */
static void name_fd(int fd, char path[4096]) {
  int saved = errno;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, 4095);
  errno = saved;
  path[length > 0 ? length : 0] = '\0';
}

static int is_below(const char *path) {
  if (control == NULL || under == NULL || path == NULL) return 0;
  for (const char *folder = under; *folder != '\0';) {
    size_t length = strcspn(folder, ":");
    if (strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0')) return 1;
    folder += length + (folder[length] == ':');
  }
  return 0;
}

/* A path may begin at an open folder: /proc/self/fd/N/... (proc_pid_fd(5)). */
static int is_under(const char *path) {
  int fd, length = 0;
  if (control == NULL || path == NULL) return 0;
  if (sscanf(path, "/proc/self/fd/%d%n", &fd, &length) != 1 || (path[length] != '/' && path[length] != '\0')) return is_below(path);
  char whole[8192];
  name_fd(fd, whole);
  strncat(whole, path + length, sizeof whole - strlen(whole) - 1);
  return is_below(whole);
}

static int is_fd_under(int fd) {
  if (control == NULL) return 0;
  char path[4096];
  name_fd(fd, path);
  return is_under(path);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Counts a change. Returns nonzero when it is the one to die at, and not before it. */
static int count_change(void) {
  int64_t number = __sync_add_and_fetch(&control->changes, 1);
  if (number != control->kill_at) return 0;
  if (control->kill_how == BEFORE) die();
  return 1;
}

#define CHANGE(inside, call) \
  int dies = (inside) && count_change(); \
  __typeof__(call) result = (call); \
  if (dies) die(); \
  return result

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  REAL(pwrite64);
  if (is_fd_under(fd) && count_change()) {
    /* Direct writes take whole blocks of 4096 bytes. */
    if (control->kill_how == HALFWAY) length = length >= 8192 ? length / 8192 * 4096 : length / 2;
    real(fd, bytes, length, offset);
    die();
  }
  return real(fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(write);
  if (fd <= 2) return real(fd, bytes, length);
  CHANGE(is_fd_under(fd), real(fd, bytes, length));
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  REAL(pwritev64);
  CHANGE(is_fd_under(fd), real(fd, parts, count, offset));
}

int ftruncate64(int fd, off64_t length) {
  REAL(ftruncate64);
  CHANGE(is_fd_under(fd), real(fd, length));
}

int futimens(int fd, const struct timespec times[2]) {
  REAL(futimens);
  CHANGE(is_fd_under(fd), real(fd, times));
}

int link(const char *from, const char *to) {
  REAL(link);
  CHANGE(is_under(to), real(from, to));
}

int rename(const char *from, const char *to) {
  REAL(rename);
  CHANGE(is_under(to), real(from, to));
}

int unlink(const char *path) {
  REAL(unlink);
  CHANGE(is_under(path), real(path));
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  CHANGE(is_under(path), real(path, mode));
}

int rmdir(const char *path) {
  REAL(rmdir);
  CHANGE(is_under(path), real(path));
}

int open64(const char *path, int flags, ...) {
  REAL(open64);
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  CHANGE((flags & O_CREAT) != 0 && is_under(path), real(path, flags, mode));
}

static int fails_now(int fd) {
  if (!is_fd_under(fd)) return 0;
  int64_t number = __sync_add_and_fetch(&control->syncs, 1);
  if (number != control->fail_sync_at) return 0;
  char path[4096];
  name_fd(fd, path);
  snprintf(control->failed, sizeof control->failed, "%.1023s", path);
  errno = EIO;
  return 1;
}

int fsync(int fd) {
  REAL(fsync);
  if (fails_now(fd)) return -1;
  CHANGE(is_fd_under(fd), real(fd));
}

int fdatasync(int fd) {
  REAL(fdatasync);
  if (fails_now(fd)) return -1;
  CHANGE(is_fd_under(fd), real(fd));
}

/* sync(1) with -f calls it on any file of the file system. */
int syncfs(int fd) {
  REAL(syncfs);
  if (fails_now(fd)) return -1;
  return real(fd);
}

static time_t offset(void) { return control == NULL ? 0 : (time_t)control->clock_offset; }

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  REAL(gettimeofday);
  int result = real(now, zone);
  if (result == 0) now->tv_sec += offset();
  return result;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  REAL(clock_gettime);
  int result = real(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset();
  return result;
}

time_t time(time_t *into) {
  REAL(time);
  time_t now = real(NULL) + offset();
  if (into != NULL) *into = now;
  return now;
}
