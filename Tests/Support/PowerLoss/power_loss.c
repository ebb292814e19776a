// Journals every change that a program makes below one directory, and every fsync.
//
// For tests, with LD_PRELOAD. The program itself sees its files unchanged, because its changes stay in the page cache. From the
// journal a test derives the possible contents of a disk after a power loss: all synchronized changes, and any part of the others.
//
// Each entry is: its kind (1 byte), three numbers (8 bytes each), the lengths of three texts (8 bytes each), the texts.
//   W  path, old bytes, new bytes; offset, size before       a write
//   T  path, old bytes; size after, size before              a truncation or an extension
//   S  path                                                  fsync or fdatasync of a file
//   D  path                                                  fsync of a directory
//   C  path                                                  a file was created
//   M  path                                                  a directory was created
//   R  path, other path                                      a rename
//   U  path, content                                         a file was removed
// Mapped files (SQLite's -shm) are ignored: they are not needed after a power loss.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "power_loss.h"

enum { most_descriptors = 65536 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int journal = -1;
/// A child before its exec may share this memory, and closes descriptors of the parent.
static pid_t owner;
static char root[PATH_MAX];
/// The paths of descriptors below the root.
static char *paths[most_descriptors];

static int (*next_open)(const char *, int, ...);
static int (*next_openat)(int, const char *, int, ...);
static int (*next_close)(int);
static ssize_t (*next_write)(int, const void *, size_t);
static ssize_t (*next_pwrite)(int, const void *, size_t, off_t);
static int (*next_ftruncate)(int, off_t);
static int (*next_fsync)(int);
static int (*next_fdatasync)(int);
static int (*next_rename)(const char *, const char *);
static int (*next_unlink)(const char *);
static int (*next_mkdir)(const char *, mode_t);

static void find(void *place, const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(place, &found, sizeof found);
}

static void prepare(void) {
    find(&next_open, "open");
    find(&next_openat, "openat");
    find(&next_close, "close");
    find(&next_write, "write");
    find(&next_pwrite, "pwrite");
    find(&next_ftruncate, "ftruncate");
    find(&next_fsync, "fsync");
    find(&next_fdatasync, "fdatasync");
    find(&next_rename, "rename");
    find(&next_unlink, "unlink");
    find(&next_mkdir, "mkdir");
    owner = getpid();
    const char *directory = getenv(POWER_LOSS_ROOT);
    const char *file = getenv(POWER_LOSS_JOURNAL);
    if (directory == NULL || file == NULL || strlen(directory) >= sizeof root) return;
    strcpy(root, directory);
    journal = next_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/// Whether the path is below the root; `full` receives the absolute path.
static int is_watched(const char *path, char full[PATH_MAX]) {
    if (journal < 0 || path == NULL) return 0;
    if (path[0] == '/') {
        if (strlen(path) >= PATH_MAX) return 0;
        strcpy(full, path);
    } else {
        char current[PATH_MAX];
        if (getcwd(current, sizeof current) == NULL) return 0;
        if (snprintf(full, PATH_MAX, "%s/%s", current, path) >= PATH_MAX) return 0;
    }
    // Paths are compared as texts: without double and trailing slashes.
    char *to = full;
    for (char *from = full; *from != 0; from++) {
        if (*from == '/' && to > full && to[-1] == '/') continue;
        *to++ = *from;
    }
    if (to > full + 1 && to[-1] == '/') to--;
    *to = 0;
    size_t length = strlen(root);
    return strncmp(full, root, length) == 0 && (full[length] == '/' || full[length] == 0);
}

static void put(const void *bytes, size_t count) {
    const char *rest = bytes;
    while (count > 0) {
        ssize_t written = next_write(journal, rest, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) abort();
        rest += written;
        count -= (size_t)written;
    }
}

/// The caller holds the lock.
static void record(
    char kind, const char *path, uint64_t first, uint64_t second, const void *old, size_t old_length, const void *new,
    size_t new_length
) {
    int before = errno;
    uint64_t numbers[6] = {first, second, 0, strlen(path), old_length, new_length};
    put(&kind, 1);
    put(numbers, sizeof numbers);
    put(path, strlen(path));
    put(old, old_length);
    put(new, new_length);
    errno = before;
}

static void note(char kind, const char *path, const char *other) {
    record(kind, path, 0, 0, other, other == NULL ? 0 : strlen(other), NULL, 0);
}

/// Up to `length` bytes of a file from an offset on. The caller frees them.
static char *content(int descriptor, off_t offset, size_t length, size_t *count) {
    char *bytes = malloc(length > 0 ? length : 1);
    if (bytes == NULL) abort();
    *count = 0;
    while (*count < length) {
        ssize_t found = pread(descriptor, bytes + *count, length - *count, offset + (off_t)*count);
        if (found <= 0) break;
        *count += (size_t)found;
    }
    return bytes;
}

static char *watched(int descriptor) {
    return descriptor >= 0 && descriptor < most_descriptors ? paths[descriptor] : NULL;
}

static off_t size_of(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_size : 0;
}

static int opened(int descriptor, const char *full, int was_there, int flags, off_t size, char *old, size_t old_length) {
    if (descriptor >= 0 && descriptor < most_descriptors) {
        free(paths[descriptor]);
        paths[descriptor] = strdup(full);
        if (!was_there && (flags & O_CREAT)) note('C', full, NULL);
        if (was_there && (flags & O_TRUNC) && size > 0) record('T', full, 0, (uint64_t)size, old, old_length, NULL, 0);
    }
    return descriptor;
}

/// Write-only descriptors are opened for reading too, so that the replaced bytes can be journaled.
static int open_watched(int directory, const char *path, const char *full, int flags, mode_t mode) {
    pthread_mutex_lock(&lock);
    struct stat status;
    int was_there = lstat(full, &status) == 0;
    size_t old_length = 0;
    char *old = NULL;
    if (was_there && (flags & O_TRUNC) && S_ISREG(status.st_mode)) {
        int reading = next_open(full, O_RDONLY | O_CLOEXEC);
        if (reading >= 0) {
            old = content(reading, 0, (size_t)status.st_size, &old_length);
            next_close(reading);
        }
    }
    if ((flags & O_ACCMODE) == O_WRONLY) flags = (flags & ~O_ACCMODE) | O_RDWR;
    int descriptor = next_openat(directory, path, flags, mode);
    opened(descriptor, full, was_there, flags, was_there ? status.st_size : 0, old, old_length);
    free(old);
    pthread_mutex_unlock(&lock);
    return descriptor;
}

int open(const char *path, int flags, ...) {
    pthread_once(&once, prepare);
    mode_t mode = 0;
    if (flags & (O_CREAT | __O_TMPFILE)) {
        va_list list;
        va_start(list, flags);
        mode = va_arg(list, mode_t);
        va_end(list);
    }
    char full[PATH_MAX];
    if (!is_watched(path, full)) return next_open(path, flags, mode);
    return open_watched(AT_FDCWD, path, full, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int close(int descriptor) {
    pthread_once(&once, prepare);
    if (watched(descriptor) != NULL && getpid() == owner) {
        pthread_mutex_lock(&lock);
        free(paths[descriptor]);
        paths[descriptor] = NULL;
        pthread_mutex_unlock(&lock);
    }
    return next_close(descriptor);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    pthread_once(&once, prepare);
    if (watched(descriptor) == NULL) return next_pwrite(descriptor, bytes, count, offset);
    pthread_mutex_lock(&lock);
    size_t old_length;
    char *old = content(descriptor, offset, count, &old_length);
    record('W', paths[descriptor], (uint64_t)offset, (uint64_t)size_of(descriptor), old, old_length, bytes, count);
    free(old);
    ssize_t written = next_pwrite(descriptor, bytes, count, offset);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) __attribute__((alias("pwrite")));

ssize_t write(int descriptor, const void *bytes, size_t count) {
    pthread_once(&once, prepare);
    if (watched(descriptor) == NULL) return next_write(descriptor, bytes, count);
    off_t offset = fcntl(descriptor, F_GETFL) & O_APPEND ? size_of(descriptor) : lseek(descriptor, 0, SEEK_CUR);
    pthread_mutex_lock(&lock);
    size_t old_length;
    char *old = content(descriptor, offset, count, &old_length);
    record('W', paths[descriptor], (uint64_t)offset, (uint64_t)size_of(descriptor), old, old_length, bytes, count);
    free(old);
    ssize_t written = next_write(descriptor, bytes, count);
    pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate(int descriptor, off_t size) {
    pthread_once(&once, prepare);
    if (watched(descriptor) == NULL) return next_ftruncate(descriptor, size);
    pthread_mutex_lock(&lock);
    off_t before = size_of(descriptor);
    size_t old_length = 0;
    char *old = size < before ? content(descriptor, size, (size_t)(before - size), &old_length) : NULL;
    record('T', paths[descriptor], (uint64_t)size, (uint64_t)before, old, old_length, NULL, 0);
    free(old);
    int result = next_ftruncate(descriptor, size);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate64(int descriptor, off_t size) __attribute__((alias("ftruncate")));

static int synchronize(int descriptor, int (*next)(int)) {
    if (watched(descriptor) == NULL) return next(descriptor);
    // While holding the lock, so that the journal keeps the order of writes.
    pthread_mutex_lock(&lock);
    int result = next(descriptor);
    struct stat status;
    int is_directory = fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode);
    if (result == 0) note(is_directory ? 'D' : 'S', paths[descriptor], NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int descriptor) {
    pthread_once(&once, prepare);
    return synchronize(descriptor, next_fsync);
}

int fdatasync(int descriptor) {
    pthread_once(&once, prepare);
    return synchronize(descriptor, next_fdatasync);
}

int rename(const char *from, const char *to) {
    pthread_once(&once, prepare);
    char full[PATH_MAX], other[PATH_MAX];
    if (!is_watched(from, full) || !is_watched(to, other)) return next_rename(from, to);
    pthread_mutex_lock(&lock);
    int result = next_rename(from, to);
    if (result == 0) note('R', full, other);
    pthread_mutex_unlock(&lock);
    return result;
}

int unlink(const char *path) {
    pthread_once(&once, prepare);
    char full[PATH_MAX];
    if (!is_watched(path, full)) return next_unlink(path);
    pthread_mutex_lock(&lock);
    size_t length = 0;
    char *old = NULL;
    int reading = next_open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (reading >= 0) {
        old = content(reading, 0, (size_t)size_of(reading), &length);
        next_close(reading);
    }
    int result = next_unlink(path);
    if (result == 0) record('U', full, 0, 0, old, length, NULL, 0);
    free(old);
    pthread_mutex_unlock(&lock);
    return result;
}

int mkdir(const char *path, mode_t mode) {
    pthread_once(&once, prepare);
    char full[PATH_MAX];
    int result = next_mkdir(path, mode);
    if (result == 0 && is_watched(path, full)) {
        pthread_mutex_lock(&lock);
        note('M', full, NULL);
        pthread_mutex_unlock(&lock);
    }
    return result;
}
